import { ModulesContainer } from '@nestjs/core';
import type { INestApplication } from '@nestjs/common';
import { buildDocument } from '../../src/openapi/document.js';

/** JSON Schema as far as the document uses it. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
}

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly schema: Schema;
}

/** Whose key a route takes. */
export type Audience = 'workspace' | 'service' | 'operator';

export interface Operation {
  /** For example `GET /v1/lists/{listId}`. */
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly audience: Audience;
  readonly parameters: readonly Parameter[];
  readonly bodyType?: string;
  readonly body?: Schema;
  /** Schema of the answer by status. */
  readonly answers: Readonly<Record<string, Schema | undefined>>;
}

export interface RoutesDocument {
  readonly operations: readonly Operation[];
  readonly schemas: Readonly<Record<string, Schema>>;
}

const EXCLUDED = 'swagger/apiExcludeController';
const GUARDS = '__guards__';
const AUDIENCES: Readonly<Record<string, Audience>> = {
  WorkspaceGuard: 'workspace',
  ServiceGuard: 'service',
  OperatorGuard: 'operator',
};

interface RawOperation {
  readonly tags: readonly string[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, { schema?: Schema }>> }>>;
}

/** Every route that takes a key: those of the public document, and those of workers and of the operator beside them. */
export function readOperations(app: INestApplication): RoutesDocument {
  const guarded = new Map<string, Audience>();
  for (const module of app.get(ModulesContainer).values()) {
    for (const { metatype } of module.controllers.values()) {
      if (typeof metatype !== 'function') continue;
      const guards = (Reflect.getMetadata(GUARDS, metatype) ?? []) as { name: string }[];
      const audience = AUDIENCES[guards[0]?.name ?? ''];
      if (!audience) continue;
      guarded.set(metatype.name.replace(/Controller$/, ''), audience);
      Reflect.deleteMetadata(EXCLUDED, metatype);
    }
  }
  // As it goes over the wire: what is undefined is absent.
  const document = JSON.parse(JSON.stringify(buildDocument(app))) as {
    paths: Record<string, Record<string, RawOperation>>;
    components: { schemas: Record<string, Schema> };
  };
  const operations = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).flatMap(([method, raw]): Operation[] => {
      const audience = guarded.get(raw.tags[0] ?? '');
      if (!audience) return [];
      const [bodyType, body] = Object.entries(raw.requestBody?.content ?? {})[0] ?? [];
      return [
        {
          name: `${method.toUpperCase()} ${path}`,
          method: method.toUpperCase(),
          path,
          audience,
          parameters: raw.parameters ?? [],
          ...(bodyType !== undefined && body && { bodyType, body: body.schema }),
          answers: Object.fromEntries(
            Object.entries(raw.responses).map(([status, { content = {} }]) => [
              status,
              content['application/json']?.schema,
            ]),
          ),
        },
      ];
    }),
  );
  return { operations, schemas: document.components.schemas };
}

/** What express routes, as `GET /v1/lists/{listId}`: the document must know all of it. */
export function routedNames(app: INestApplication): string[] {
  interface Layer {
    readonly route?: { readonly path: string | readonly string[]; readonly methods: Record<string, boolean> };
  }
  const { router } = app.getHttpAdapter().getInstance() as { router: { stack: readonly Layer[] } };
  return router.stack.flatMap(({ route }) =>
    route === undefined
      ? []
      : [route.path]
          .flat()
          .flatMap((path) =>
            Object.keys(route.methods).map((method) => `${method.toUpperCase()} ${path.replaceAll(/:(\w+)/g, '{$1}')}`),
          ),
  );
}
