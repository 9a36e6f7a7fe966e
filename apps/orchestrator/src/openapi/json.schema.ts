import { z } from 'zod';

export type JsonValue = z.infer<ReturnType<typeof z.json>>;
export type JsonObject = Readonly<Record<string, JsonValue>>;

/** Any JSON value in a request; every request is checked for what could not be stored. */
export const jsonValue = z.custom<JsonValue>().meta({ id: 'JsonInput', description: 'Any JSON value' });

/** Any JSON value in an answer. */
export const jsonView = z.custom<JsonValue>().meta({ id: 'JsonValue', description: 'Any JSON value' });
