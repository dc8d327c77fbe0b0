import { execFile, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What the docker command line said when it failed. */
export class DockerError extends Error {}

/**
 * The engine that a stack runs on, through the docker command line: it knows unix sockets, ssh hosts and contexts alike.
 * `host` is as in `pulumi config set docker:host`; undefined means the caller's own.
 */
export class DockerCli {
  private readonly options: readonly string[];

  constructor(host?: string) {
    this.options = host === undefined ? [] : ['--host', host];
  }

  /** Standard output of `docker …`. @throws DockerError with what it wrote to standard error. */
  async run(...args: string[]): Promise<string> {
    try {
      const { stdout } = await run('docker', [...this.options, ...args], { maxBuffer: 16 * 1024 * 1024 });
      return stdout;
    } catch (error) {
      const { stderr, message } = error as { stderr?: string; message: string };
      throw new DockerError((stderr || message).trim());
    }
  }

  /** Non-empty lines of standard output. */
  async lines(...args: string[]): Promise<string[]> {
    return (await this.run(...args)).split('\n').filter((line) => line !== '');
  }

  /** Follows a command's output line by line, without keeping this process alive. Returns what ends it. */
  follow(args: readonly string[], onLine: (line: string) => void): () => void {
    const child = spawn('docker', [...this.options, ...args], { stdio: ['ignore', 'pipe', 'ignore'] });
    child.on('error', () => undefined); // no docker command line: nothing to follow
    child.unref();
    (child.stdout as unknown as { unref(): void }).unref();
    createInterface({ input: child.stdout }).on('line', onLine);
    const end = () => void child.kill();
    process.once('exit', end);
    return end;
  }

  /** The last lines that a container wrote, both streams; none when it is gone. */
  async lastLines(container: string, count: number): Promise<string[]> {
    const logs = run('docker', [...this.options, 'logs', '--tail', String(count), container]);
    const { stdout, stderr } = await logs.catch(() => ({ stdout: '', stderr: '' }));
    return `${stdout}\n${stderr}`
      .split('\n')
      .filter((line) => line !== '')
      .slice(-count);
  }

  /** What a container's health check wrote last, on one line; empty when there is none. */
  async lastHealth(container: string): Promise<string> {
    const format = '{{with .State.Health}}{{range .Log}}{{json .Output}}\n{{end}}{{end}}';
    const outputs = await this.lines('inspect', '--format', format, container).catch(() => []);
    const last = JSON.parse(outputs.at(-1) ?? '""') as string;
    return last.trim().replace(/\s+/g, ' ').slice(0, 200);
  }
}
