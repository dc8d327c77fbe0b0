import { Ajv, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';
import type { FastifyInstance } from 'fastify';

/**
 * Tells every wrong field, not just the first. Text becomes a number in paths, queries and headers, where there is only text, but
 * never in a body, where `"5"` is a mistake.
 */
export function validateStrictly(app: FastifyInstance): void {
  const shared = { allErrors: true, useDefaults: true, removeAdditional: false, strict: false } as const;
  const body = formats.default(new Ajv({ ...shared, coerceTypes: false }));
  const rest = formats.default(new Ajv({ ...shared, coerceTypes: true }));
  for (const ajv of [body, rest])
    ajv.addFormat('well-formed', (text: string) => !/\p{Surrogate}/u.test(text));
  app.setValidatorCompiler(({ schema, httpPart }): ValidateFunction => {
    const ajv = httpPart === 'body' ? body : rest;
    for (const [id, known] of Object.entries(app.getSchemas()))
      if (!ajv.getSchema(id)) ajv.addSchema(known as object, id);
    return ajv.compile(schema as object);
  });
}
