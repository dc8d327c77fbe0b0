import { createReadStream, statSync, type ReadStream } from 'node:fs';
import { basename } from 'node:path';
import { pipeline, type Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { createGunzip } from 'node:zlib';
import { endProblem, fileKind, type Kind } from './file-kind.ts';

const headBytes = 65_536;
const tailBytes = 4096;

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

  /** How much of it was read, in words. */
  progress(): string {
    if (!this.reading) return 'starting';
    return `${Math.floor((100 * this.reading.bytesRead) / Math.max(1, this.bytes))} % of the file read`;
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

  /** Looks at the end of a dump before anything is done with it; of one that is packed `dump` does. @throws Error when it was cut off. */
  async checkEnd(kind: Kind): Promise<void> {
    if (await this.isPacked()) return;
    const start = Math.max(0, this.bytes - tailBytes);
    await this.mustEnd(kind, await buffer(createReadStream(this.path, { start })));
  }

  /** All of it, of a dump. @throws Error at its end when it was cut off. */
  async *dump(kind: Kind): AsyncGenerator<Buffer> {
    let tail: Buffer = Buffer.alloc(0);
    for await (const chunk of this.chunks()) {
      tail = Buffer.concat([tail, chunk]).subarray(-tailBytes);
      yield chunk;
    }
    await this.mustEnd(kind, tail);
  }

  private async mustEnd(kind: Kind, tail: Buffer): Promise<void> {
    const problem = endProblem(kind, (await this.head()).toString('latin1'), tail.toString('latin1'));
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
