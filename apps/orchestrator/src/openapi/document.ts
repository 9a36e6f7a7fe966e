import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import type { OpenAPIObject } from '@nestjs/swagger';
import { z } from 'zod';
import { problemView } from '../problems/problem.schema.js';

const DESCRIPTION = `Fills the cells of a spreadsheet of companies or contacts.

Every request carries \`Authorization: Bearer <API key>\`. Errors are \`application/problem+json\` (RFC 9457); decide on
their \`code\`. Collections answer \`{ items, nextCursor }\`; a POST that creates takes an \`Idempotency-Key\`. A body with a member that
the route does not know is refused (422).`;

/** Builds the OpenAPI 3.1 document of the public routes from the zod schemas that also check requests. */
export function buildDocument(app: INestApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Uno Orchestrator')
    .setDescription(DESCRIPTION)
    .setVersion('1')
    .addBearerAuth({ type: 'http', scheme: 'bearer' }, 'apiKey')
    .build();
  const document = SwaggerModule.createDocument(app, config, {
    operationIdFactory: (_, method) => method,
    standardSchemaConverter: (schema, { schemaType }) =>
      schema instanceof z.ZodType ? convert(schema, schemaType) : undefined,
  });
  const { schemas, ...components } = document.components ?? {};
  const problem = convert(problemView, 'output').components as typeof schemas;
  return { ...document, components: { ...components, schemas: { ...schemas, ...problem } } };
}

interface Converted {
  readonly schema: unknown;
  readonly components: Record<string, unknown>;
}

/** Schemas with an id in their metadata become named components, everything else stands where it is used. */
function convert(schema: z.ZodType, io: 'input' | 'output'): Converted {
  const {
    $schema: _,
    $defs = {},
    id,
    ...root
  } = z.toJSONSchema(schema, {
    io,
    target: 'draft-2020-12',
    // Values of cells are any JSON.
    unrepresentable: 'any',
  });
  const components: Record<string, unknown> = {};
  for (const [name, definition] of Object.entries($defs)) components[name] = withoutId(definition);
  if (id === undefined) return { schema: root, components };
  components[id] = root;
  return { schema: { $ref: `#/components/schemas/${id}` }, components };
}

function withoutId(definition: object): object {
  return Object.fromEntries(Object.entries(definition).filter(([key]) => key !== 'id'));
}
