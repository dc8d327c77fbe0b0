import { STATUS_CODES } from 'node:http';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { requestIdHeader } from './request-id.ts';

/** One wrong field of a request; `field` is a JSON pointer or a parameter's name. */
export interface FieldError {
  readonly field: string;
  readonly detail: string;
}

/** An error that is an answer: RFC 9457 problem details. */
export class Problem extends Error {
  readonly status: number;
  readonly errors: readonly FieldError[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    detail: string,
    more: { errors?: readonly FieldError[]; headers?: Record<string, string> } = {},
  ) {
    super(detail);
    this.status = status;
    this.errors = more.errors ?? [];
    this.headers = more.headers ?? {};
  }
}

/** Answers every error of `app` as application/problem+json; what is our fault is logged and not told. */
export function answerProblems(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError | Problem, request, reply) =>
    sendProblem(toProblem(error), error, request, reply),
  );
  app.setNotFoundHandler((request, reply) => {
    const problem = new Problem(404, `Nothing is at ${request.url.split('?')[0]}.`);
    return sendProblem(problem, problem, request, reply);
  });
}

/**
 * For Fastify's `frameworkErrors`: a path that cannot be decoded or is too long is refused before any route or hook is found,
 * so the request's id and its log line are made here.
 */
export function refusePath(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  const { method, url, id } = request;
  const problem = new Problem(error.statusCode ?? 400, 'The path is not valid.');
  request.log.info({ method, url, status: problem.status });
  void sendProblem(problem, error, request, reply.header(requestIdHeader, id));
}

function sendProblem(
  problem: Problem,
  cause: Error,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  if (problem.status >= 500) request.log.error({ err: cause.cause ?? cause }, problem.message);
  const body = {
    type: 'about:blank',
    title: STATUS_CODES[problem.status] ?? 'Error',
    status: problem.status,
    detail: problem.message,
    ...(problem.errors.length > 0 && { errors: problem.errors }),
  };
  return reply
    .code(problem.status)
    .headers(problem.headers)
    .type('application/problem+json')
    .serializer(JSON.stringify)
    .send(body);
}

/** Any error as a problem. */
export function toProblem(error: FastifyError | Problem): Problem {
  if (error instanceof Problem) return error;
  if (error.validation) return invalid(error);
  const status = error.statusCode ?? 500;
  return status < 500
    ? new Problem(status, error.message)
    : new Problem(500, 'Something went wrong here. It has been logged.');
}

function invalid({ validation = [], validationContext }: FastifyError): Problem {
  const errors = validation.map(({ instancePath, message, params }) => {
    const missing = (params as { missingProperty?: string; additionalProperty?: string }).missingProperty;
    const extra = (params as { additionalProperty?: string }).additionalProperty;
    const field = `${instancePath}${missing || extra ? `/${missing ?? extra}` : ''}` || '/';
    return { field, detail: missing ? 'is missing' : extra ? 'is not known' : (message ?? 'is wrong') };
  });
  return new Problem(400, `The ${validationContext ?? 'request'} is not valid.`, { errors });
}
