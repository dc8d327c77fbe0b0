import { parseArgs, type ParseArgsConfig } from 'node:util';

/**
 * The command line's arguments. `--help` prints the usage and ends the process; so does an argument that there is not, with code 2.
 * @param config as for parseArgs, without `help`.
 */
export function readArguments<T extends ParseArgsConfig>(
  usage: string,
  config: T,
): ReturnType<typeof parseArgs<T>> {
  if (process.argv.slice(2).some((argument) => argument === '--help' || argument === '-h')) {
    console.log(usage);
    process.exit(0);
  }
  try {
    return parseArgs(config);
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${usage}`);
    process.exit(2);
  }
}
