import { z } from 'zod';

/** What the document needs to know of a route. */
export interface RouteDescription {
  readonly path: string;
  readonly summary: string;
  readonly parameters: z.ZodObject;
  /** The answer's schema, or the media types of a file. */
  readonly answer: z.ZodType | readonly string[];
  /** What DELETE does, where it does anything. */
  readonly deletes?: string;
}

const ApiError = z.strictObject({
  error: z.string().describe('What was wrong, in one sentence'),
  id: z.string().describe("The request's id; the same id stands in the log"),
});

/** What the document needs to know of a route that may change something. */
export interface ChangeDescription {
  readonly verb: string;
  /** With `:id` where it names a document. */
  readonly path: string;
  readonly summary: string;
  readonly body?: z.ZodType;
  readonly answer: z.ZodType;
}

/** The OpenAPI 3.1 document of the routes, made from the schemas that check them. */
export function openApi(
  routes: readonly RouteDescription[],
  changes: readonly ChangeDescription[],
  version: string,
  prefix: string,
): object {
  const shared: Record<string, object> = {};
  const jsonSchema = (schema: z.ZodType, io: 'input' | 'output') => jsonSchemaOf(schema, io, shared);
  const error = { 'application/json': { schema: jsonSchema(ApiError, 'output') } };
  const busy = { description: 'As many files are made as can be at a time', content: error };
  const noRoom = { description: 'There is no room for the file', content: error };
  const operation = (route: RouteDescription, verb: string, summary: string) => ({
    operationId: verb + route.path.slice(1).replaceAll(/[^a-zA-Z]+/g, '_'),
    summary,
    parameters: parametersOf(route.parameters, jsonSchema),
    responses: {
      200: { description: 'The answer', content: contentOf(route.answer, jsonSchema) },
      400: { description: 'A parameter is not right', content: error },
      403: { description: 'The Host or Origin is not allowed', content: error },
      503: { description: 'What the answer needs is not available', content: error },
      ...(Array.isArray(route.answer) ? { 429: busy, 507: noRoom } : {}),
    },
  });
  const paths: Record<string, object> = Object.fromEntries(
    routes.map((route) => [
      prefix + route.path,
      {
        get: operation(route, '', route.summary),
        ...(route.deletes === undefined ? {} : { delete: operation(route, 'delete_', route.deletes) }),
      },
    ]),
  );
  for (const { verb, path, summary, body, answer } of changes) {
    const place = prefix + path.replaceAll(/:(\w+)/g, '{$1}');
    const parameters = [
      ...(path.includes(':id')
        ? [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }]
        : []),
      ...(['put', 'delete'].includes(verb)
        ? [{ name: 'revision', in: 'query', required: false, schema: revision }]
        : []),
    ];
    const content = (schema: object) => ({ 'application/json': { schema } });
    const given = body === undefined ? undefined : jsonSchema(body, 'input');
    paths[place] = {
      ...paths[place],
      [verb]: {
        operationId: `${verb}${path.replaceAll(/[^a-zA-Z]+/g, '_')}`,
        summary,
        parameters,
        ...(given === undefined
          ? {}
          : { requestBody: { required: true, content: content(verb === 'put' ? asWritten(given) : given) } }),
        responses: {
          200: { description: 'The answer', content: content(jsonSchema(answer, 'output')) },
          400: { description: 'The request is not right', content: error },
          403: { description: 'The Host or Origin is not allowed', content: error },
          404: { description: 'There is no such thing', content: error },
          409: { description: 'The revision is stale', content: error },
          413: { description: 'The body is too large', content: error },
          415: { description: 'The body is not JSON', content: error },
          422: { description: 'It cannot be done', content: error },
          503: { description: 'The alerter is away, or could not do it now', content: error },
        },
      },
    };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Tandem',
      version,
      description: 'Live statistical-arbitrage analytics. Times are ms since the epoch, UTC.',
    },
    paths,
    components: { schemas: shared },
  };
}

function parametersOf(parameters: z.ZodObject, jsonSchema: Writer): object[] {
  const schema = jsonSchema(parameters, 'input') as {
    properties?: Record<string, object>;
    required?: string[];
  };
  return Object.entries(schema.properties ?? {}).map(([name, property]) => ({
    name,
    in: 'query',
    required: schema.required?.includes(name) ?? false,
    schema: property,
  }));
}

function contentOf(answer: z.ZodType | readonly string[], jsonSchema: Writer): object {
  if (answer instanceof z.ZodType) return { 'application/json': { schema: jsonSchema(answer, 'output') } };
  return Object.fromEntries(answer.map((type) => [type, {}]));
}

type Writer = (schema: z.ZodType, io: 'input' | 'output') => object;

/** A schema as it stands in the document: what refers to itself stands in `shared`, which is of the whole document. */
function jsonSchemaOf(schema: z.ZodType, io: 'input' | 'output', shared: Record<string, object>): object {
  const written = JSON.stringify(z.toJSONSchema(schema, { io, unrepresentable: 'any' }));
  const moved = written.replaceAll('"#/$defs/', '"#/components/schemas/');
  const { $schema: _, $defs = {}, ...rest } = JSON.parse(moved) as { $schema?: string; $defs?: object };
  Object.assign(shared, $defs);
  return rest;
}

/** The body of a change: the path names its document already, and what was read may be given back with its revision. */
function asWritten(schema: object): object {
  const { required = [], properties, ...rest } = schema as { required?: string[]; properties?: object };
  return {
    ...rest,
    properties: { ...properties, revision },
    required: required.filter((name) => name !== 'id'),
  };
}

const revision = {
  type: 'integer',
  minimum: 0,
  description: 'The revision that the change was made from; 0 or none: there is no such document yet',
};
