import { createReadStream, statSync, type ReadStream } from 'node:fs';
import { basename } from 'node:path';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { endProblem, fileKind, type Kind } from './file-kind.ts';

const headBytes = 65_536;

/** A file to import, packed by gzip or not. */
export class InputFile {
  readonly name: string;
  private readonly path: string;
  private readonly bytes: number;
  private reading: ReadStream | undefined;

  /** @throws Error when there is no such file. */
  constructor(path: string) {
    const found = statSync(path, { throwIfNoEntry: false });
    if (!found?.isFile()) throw new Error(`${path}: ${found ? 'is no file' : 'there is no such file'}`);
    this.name = basename(path);
    this.path = path;
    this.bytes = found.size;
  }

  /** What it is. @param asked what the command line says. @throws Error when that cannot be told. */
  async kind(asked: Kind | undefined): Promise<Kind> {
    return asked ?? fileKind(this.name, await this.head());
  }

  /** How much of it was read, in percent. */
  percent(): number {
    return Math.floor((100 * (this.reading?.bytesRead ?? 0)) / Math.max(1, this.bytes));
  }

  /** All of it, unpacked. @throws Error while it is read, where gzip says that it is damaged. */
  async *chunks(): AsyncGenerator<Buffer> {
    const file = (this.reading = createReadStream(this.path));
    try {
      for await (const chunk of (await this.isPacked()) ? unpacked(file) : file) yield chunk as Buffer;
    } catch (error) {
      throw new Error(`${this.name} cannot be read to its end: ${(error as Error).message}`, {
        cause: error,
      });
    }
  }

  /** The same, of a dump. @throws Error at its end when it was cut off. */
  async *dump(kind: Kind): AsyncGenerator<Buffer> {
    const head = await this.head();
    let tail: Buffer = Buffer.alloc(0);
    for await (const chunk of this.chunks()) {
      tail = Buffer.concat([tail, chunk]).subarray(-4096);
      yield chunk;
    }
    const problem = endProblem(kind, head.toString('latin1'), tail.toString('latin1'));
    if (problem) throw new Error(`${this.name}: ${problem}`);
  }

  private async head(): Promise<Buffer> {
    let head: Buffer = Buffer.alloc(0);
    for await (const chunk of this.chunks()) {
      head = Buffer.concat([head, chunk]);
      if (head.length >= headBytes) break;
    }
    this.reading = undefined;
    return head.subarray(0, headBytes);
  }

  private async isPacked(): Promise<boolean> {
    for await (const chunk of createReadStream(this.path, { end: 1 }))
      return (chunk as Buffer).equals(Buffer.from([0x1f, 0x8b]));
    return false;
  }
}

function unpacked(file: Readable): Readable {
  return pipeline(file, createGunzip(), () => undefined);
}
