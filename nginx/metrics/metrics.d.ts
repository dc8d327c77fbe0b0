/** What njs hands over, as far as metrics.js reads it. */
interface Request {
  readonly method?: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly headersOut?: Record<string, string>;
  error?(text: string): void;
  return?(status: number, body: string): void;
}

declare const metrics: { count(request: Request): string; show(request: Request): void };
export default metrics;
