import { createHash } from 'node:crypto';
import { Ajv, type ErrorObject } from 'ajv';
import { ProductInput } from '../apps/product-api/schema.ts';
import type { Field } from './fields.ts';
import type { Mapping } from './mapping.ts';
import { smallestUnits, wholeUnits, type Read } from './money.ts';
import { utcTime } from './times.ts';

/** A row as it was read; null is no value. */
export type Cells = readonly (string | null)[];

/** A product that can be taken. Times are ISO text in UTC; null: the row has none. */
export interface Incoming extends ProductInput {
  readonly id: string;
  readonly createdAt: string | null;
  readonly updatedAt: string | null;
}

/** Why a row cannot be taken: one of these for each column that is wrong. */
export interface Fault {
  /** Empty where it is the whole row. */
  readonly column: string;
  readonly reason: string;
}

// What is read is well-formed, or it would not have become text.
const ajv = new Ajv({ allErrors: true, strict: false, formats: { 'well-formed': true } });
const fits = ajv.compile(ProductInput);

/** What was taken in one of two ways that it may have been meant. */
export interface Doubts {
  /** Times that clocks in the zone showed twice. */
  readonly twice: number;
  /** The first of them. */
  readonly example: string;
}

/** Characters of a value that are shown: a row may be as large as a file. */
const shown = 200;

/** Turns rows into products. @param zone where times without an offset were shown by clocks. */
export class RowReader {
  private readonly mapping: Mapping;
  private readonly zone: string;
  private twice = 0;
  private example = '';

  constructor(mapping: Mapping, zone: string) {
    this.mapping = mapping;
    this.zone = zone;
  }

  /** The product of a row. @param number of the row, from 1. */
  read(cells: Cells, number: number): Incoming | Fault[] {
    const { columns } = this.mapping;
    if (cells.length !== columns.length)
      return [{ column: '', reason: `has ${cells.length} values, not ${columns.length}` }];
    const faults: Fault[] = [];
    const product = this.product(cells, number, faults);
    if (!fits(input(product))) faults.push(...this.misfits(fits.errors!, faults));
    return faults.length === 0 ? product : faults.map(clipped);
  }

  /** What was doubtful of the rows so far. */
  doubts(): Doubts {
    return { twice: this.twice, example: this.example };
  }

  /** What tells a person which row it is: its id or sku. */
  label(cells: Cells): string {
    const { id, sku } = this.mapping.from;
    return clip(cells[sku ?? id!] ?? '');
  }

  private product(cells: Cells, number: number, faults: Fault[]): Incoming {
    const text = (field: Field) => this.cell(cells, field);
    const take = <T>(field: Field, read: Read<T>, otherwise: T): T => {
      if ('value' in read) return read.value;
      faults.push({ column: this.column(field), reason: read.reason });
      return otherwise;
    };
    const time = (field: Field) => {
      const value = text(field);
      return value
        ? take(
            field,
            utcTime(value, this.zone, () => this.doubt(value)),
            null,
          )
        : null;
    };
    const currency = (text('currency') ?? this.mapping.currency ?? '').trim().toUpperCase();
    const sku = text('sku') ?? (this.mapping.from.sku === undefined ? `ID-${text('id') ?? ''}` : '');
    const createdAt = time('created_at');
    return {
      id: productId(text('id'), sku, createdAt, number),
      sku,
      name: text('name') ?? '',
      description: text('description') ?? '',
      price: { amount: take(...this.amount(text, currency), 0), currency },
      stock: take('stock', count(text('stock') ?? '0'), 0),
      createdAt,
      updatedAt: time('updated_at'),
    };
  }

  private doubt(time: string): void {
    if (this.twice++ === 0) this.example = time;
  }

  private amount(text: (field: Field) => string | null, currency: string): [Field, Read<number>] {
    const field = this.mapping.from.price === undefined ? 'price_cents' : 'price';
    const value = text(field);
    if (value === null || value.trim() === '') return [field, { reason: 'there is none' }];
    if (field === 'price_cents') return [field, wholeUnits(value)];
    // A currency that is none is told about as such.
    return [field, smallestUnits(value, /^[A-Z]{3}$/.test(currency) ? currency : 'EUR')];
  }

  private cell(cells: Cells, field: Field): string | null {
    const at = this.mapping.from[field];
    return at === undefined ? null : cells[at]!;
  }

  private column(field: Field): string {
    const at = this.mapping.from[field];
    return at === undefined ? field : this.mapping.columns[at]!;
  }

  /** What the API would not take either; what has been told is not told again. */
  private misfits(errors: readonly ErrorObject[], told: readonly Fault[]): Fault[] {
    const faults = errors.map(({ instancePath, message, keyword }) => {
      const field = fieldOf[instancePath]!;
      return { column: this.column(field), reason: reasons[`${field} ${keyword}`] ?? message! };
    });
    return faults.filter(({ column }, at) => {
      const first = faults.findIndex((one) => one.column === column) === at;
      return first && !told.some((one) => one.column === column);
    });
  }
}

const fieldOf: Readonly<Record<string, Field>> = {
  '/sku': 'sku',
  '/name': 'name',
  '/description': 'description',
  '/price/amount': 'price',
  '/price/currency': 'currency',
  '/stock': 'stock',
};

const reasons: Readonly<Record<string, string>> = {
  'sku minLength': 'there is none',
  'sku pattern': 'must begin with a letter or digit, and have only these and . _ - after it',
  'name minLength': 'there is none',
  'name pattern': 'begins with a space, or has a NUL in it',
  'description pattern': 'has a NUL in it',
  'currency pattern': 'must be three letters such as EUR',
};

function input({ sku, name, description, price, stock }: Incoming): ProductInput {
  return { sku, name, description, price, stock };
}

function clipped({ column, reason }: Fault): Fault {
  return { column, reason: clip(reason) };
}

function clip(text: string): string {
  return text.length > shown ? `${text.slice(0, shown)}…` : text;
}

function count(text: string): Read<number> {
  const [, digits] = /^(-?\d+)(?:\.0*)?$/.exec(text.trim()) ?? [];
  return digits === undefined ? { reason: `"${text}" is no whole number` } : { value: Number(digits) };
}

const uuid = /^[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$/i;

/**
 * The id of a product: its own where that is a UUID, else one of version 7 (RFC 9562) out of its time, its row and its sku, so that
 * the API lists what is newer first.
 */
function productId(own: string | null, sku: string, createdAt: string | null, row: number): string {
  if (own !== null && uuid.test(own.trim())) return dashed(own.trim().toLowerCase().replaceAll('-', ''));
  const time = createdAt === null ? Date.now() : Math.max(0, Date.parse(createdAt));
  const counter = (row % 2 ** 24).toString(16).padStart(6, '0');
  const rest = createHash('sha256').update(sku).digest('hex').slice(0, 12);
  const hex = time.toString(16).padStart(12, '0');
  return dashed(`${hex}7${counter.slice(0, 3)}8${counter.slice(3)}${rest}`);
}

function dashed(hex: string): string {
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
