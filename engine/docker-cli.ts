import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { pipeline, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline as pipe } from 'node:stream/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

const followed = new Set<ChildProcess>();
process.once('exit', () => followed.forEach((child) => child.kill()));

/** What the docker command line said when it failed. */
export class DockerError extends Error {
  /** What the command had printed by then, where it was listened to. */
  readonly printed: string;

  constructor(message: string, printed = '') {
    super(message);
    this.printed = printed;
  }
}

/** Something that a running command holds. */
export interface Held {
  /** Whether it still does. */
  isHeld(): boolean;
  /** Lets it go, and waits until it is. */
  release(): Promise<void>;
}

/**
 * The engine that a stack runs on, through the docker command line: it knows unix sockets, ssh hosts and contexts alike.
 * `host` is as in `pulumi config set docker:host`; undefined means the caller's own.
 */
export class DockerCli {
  private readonly host: string | undefined;
  private readonly signal: AbortSignal | undefined;
  private readonly options: readonly string[];
  /** Of what is spawned: it is stopped with this. */
  private readonly stopping: { readonly signal?: AbortSignal };

  /** @param signal stops what takes long, and lets nothing begin. */
  constructor(host?: string, signal?: AbortSignal) {
    this.host = host;
    this.signal = signal;
    this.stopping = signal ? { signal } : {};
    this.options = host === undefined ? [] : ['--host', host];
  }

  /** The same engine, until `signal`. */
  until(signal: AbortSignal): DockerCli {
    return new DockerCli(this.host, signal);
  }

  /** Standard output of `docker …`. @throws DockerError with what it wrote to standard error. */
  async run(...args: string[]): Promise<string> {
    // What is under way is not ended: who cleans up must know what there is.
    this.signal?.throwIfAborted();
    try {
      const { stdout } = await run('docker', [...this.options, ...args], { maxBuffer: 16 * 1024 * 1024 });
      return stdout;
    } catch (error) {
      const { stderr, message } = error as { stderr?: string; message: string };
      throw new DockerError((stderr || message).trim());
    }
  }

  /**
   * Runs `docker …` while its caller watches: both streams go to standard error. `input` is what it reads.
   * @throws DockerError when it fails; what went wrong has been printed by then.
   */
  async attended(args: readonly string[], input: string | Readable = ''): Promise<void> {
    const child = spawn('docker', [...this.options, ...args], {
      stdio: ['pipe', process.stderr, process.stderr],
      ...this.stopping,
    });
    // Who stops reading says why by its exit code.
    pipeline(typeof input === 'string' ? Readable.from([input]) : input, child.stdin, () => undefined);
    const code = await codeOf(child);
    if (code !== 0) throw new DockerError(`docker ${args[0]} ended with ${code}`);
  }

  /** Runs two commands, the first's standard output being what the second reads. @throws DockerError when either fails. */
  async piped(from: readonly string[], to: readonly string[]): Promise<void> {
    const source = spawn('docker', [...this.options, ...from], {
      stdio: ['ignore', 'pipe', 'inherit'],
      ...this.stopping,
    });
    const closed = codeOf(source);
    const [code] = await Promise.all([closed, this.attended(to, source.stdout)]);
    if (code !== 0) throw new DockerError(`docker ${from[0]} ended with ${code}`);
  }

  /** Standard output of `docker …`, which reads `input`. @throws what `input` throws, or DockerError with what was written to standard error. */
  async fed(args: readonly string[], input: AsyncIterable<Buffer | string>): Promise<string> {
    const child = spawn('docker', [...this.options, ...args], { stdio: 'pipe', ...this.stopping });
    const ended = codeOf(child);
    const said = Promise.all([text(child.stdout), text(child.stderr)]);
    // Who stops reading says why by its exit code; who is not fed to the end must not take it for one.
    const fed = pipe(Readable.from(input), child.stdin).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE' || error.code === 'ERR_STREAM_PREMATURE_CLOSE') return;
      child.kill();
      throw error;
    });
    const [[stdout, stderr], code] = await Promise.all([said, ended, fed]);
    if (code === 0) return stdout;
    throw new DockerError(stderr.trim() || `docker ${args[0]} ended with ${code}`, stdout);
  }

  /**
   * Starts a command that says `held` once it has what it is for, and ends when its standard input does: so also when this process is
   * killed, wherever the engine is. Ctrl-C does not reach it. @throws DockerError when it ends without having said so.
   */
  async held(args: readonly string[]): Promise<Held> {
    const child = spawn('docker', [...this.options, ...args], { stdio: 'pipe', detached: true });
    const said = text(child.stderr);
    const ended = codeOf(child);
    child.stdin.on('error', () => undefined);
    const code = await Promise.race([ended, once(child.stdout, 'data').then(() => undefined)]);
    if (code !== undefined)
      throw new DockerError((await said).trim() || `docker ${args[0]} ended with ${code}`);
    child.stdout.resume();
    let isHeld = true;
    void ended.then(() => (isHeld = false));
    const release = async () => {
      child.stdin.end();
      await ended;
    };
    return { isHeld: () => isHeld, release };
  }

  /** The same piece by piece, of a command that reads nothing. @throws DockerError at its end when it fails. */
  async *output(args: readonly string[]): AsyncGenerator<Buffer> {
    const child = spawn('docker', [...this.options, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      ...this.stopping,
    });
    const ended = codeOf(child);
    const said = text(child.stderr);
    try {
      for await (const chunk of child.stdout) yield chunk as Buffer;
      const code = await ended;
      if (code !== 0) throw new DockerError((await said).trim() || `docker ${args[0]} ended with ${code}`);
    } finally {
      child.kill();
    }
  }

  /** Whether `docker …` ends well. */
  succeeds(...args: string[]): Promise<boolean> {
    return this.run(...args).then(
      () => true,
      () => false,
    );
  }

  /** Non-empty lines of standard output. */
  async lines(...args: string[]): Promise<string[]> {
    return (await this.run(...args)).split('\n').filter((line) => line !== '');
  }

  /**
   * Follows a command's output line by line, without keeping this process alive. Returns what ends it.
   * @param errors whether standard error is followed too: of a container's log it is a part.
   */
  follow(args: readonly string[], onLine: (line: string) => void, errors = false): () => void {
    const child = spawn('docker', [...this.options, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    child.on('error', () => undefined); // no docker command line: nothing to follow
    child.unref();
    followed.add(child);
    for (const stream of [child.stdout, child.stderr]) {
      (stream as unknown as { unref(): void }).unref();
      if (stream === child.stdout || errors) createInterface({ input: stream }).on('line', onLine);
      else stream.resume();
    }
    return () => void child.kill();
  }

  /** The last lines that a container wrote, both streams; none when it is gone. */
  async lastLines(container: string, count: number): Promise<string[]> {
    return (await this.bothStreams('logs', '--tail', String(count), container)).slice(-count);
  }

  /** The same, each with the time when the engine got it. */
  logs(container: string, tail: number): Promise<string[]> {
    return this.bothStreams('logs', '--timestamps', '--tail', String(tail), container);
  }

  /** Non-empty lines of standard output and then of standard error; none when it fails. */
  async bothStreams(...args: string[]): Promise<string[]> {
    const both = run('docker', [...this.options, ...args], { maxBuffer: 256 * 1024 * 1024 });
    const { stdout, stderr } = await both.catch(() => ({ stdout: '', stderr: '' }));
    return `${stdout}\n${stderr}`.split('\n').filter((line) => line !== '');
  }

  /** What a container's health check wrote last, on one line; empty when there is none. */
  async lastHealth(container: string): Promise<string> {
    const format = '{{with .State.Health}}{{range .Log}}{{json .Output}}\n{{end}}{{end}}';
    const outputs = await this.lines('inspect', '--format', format, container).catch(() => []);
    const last = JSON.parse(outputs.at(-1) ?? '""') as string;
    return last.trim().replace(/\s+/g, ' ').slice(0, 200);
  }

  /** The memory limit of a container that the kernel killed because of it, MiB; undefined for every other. */
  async outOfMemory(container: string): Promise<number | undefined> {
    const format = '{{.State.OOMKilled}} {{.HostConfig.Memory}}';
    const [line = ''] = await this.lines('inspect', '--format', format, container).catch(() => []);
    const [killed, limit] = line.split(' ');
    return killed === 'true' ? Number(limit) / 2 ** 20 : undefined;
  }
}

/** How it ended, once all that it wrote has been read: a code, or the signal that ended it. */
function codeOf(child: ChildProcess): Promise<number | string> {
  return new Promise((resolve) => {
    // Of one that a signal ends, the end comes after this.
    child.on('error', (error) => {
      if (child.pid === undefined) resolve(error.message);
    });
    child.on('close', (code, signal) => resolve(code ?? signal!));
  });
}
