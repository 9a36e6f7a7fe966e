import type { Evidence, Version } from '../audit/evidence.js';

/** A question to a model, and the type of answer that its column asks for. */
export interface Prompt {
  readonly text: string;
  readonly type: string;
  readonly options?: readonly string[];
}

const REFERENCE = /\{\{([^{}]+)\}\}/g;
const ATTRIBUTE = 'attr:';

/** What one prompt is, whatever column asks it. */
export const promptKey = ({ text, type, options = [] }: Prompt): string => JSON.stringify([text, type, options]);

/**
 * Every prompt that a version of a cell may have been made from: with each content that its row and the columns that it names had
 * until then. Empty for a cell of another service, and where a named column had no value yet.
 */
export function promptsOf(version: Version, evidence: Evidence): Prompt[] {
  const column = evidence.columns.get(version.columnId);
  if (column?.service !== 'ai' || version.author !== 'job') return [];
  const { prompt, answer } = column.config as { prompt: string; answer: { type: string; options?: string[] } };
  const named = [...new Set([...prompt.matchAll(REFERENCE)].map(([, reference = '']) => reference))];
  let texts = [prompt];
  for (const reference of named) {
    const values = valuesBefore(version, reference, evidence);
    texts = texts.flatMap((text) => values.map((value) => text.replaceAll(`{{${reference}}}`, () => value)));
  }
  return [...new Set(texts)].map((text) => ({
    ...{ text, type: answer.type },
    ...(answer.options && { options: answer.options }),
  }));
}

/** What an attribute or a column of the version's row held before it, in the form in which a prompt shows it. */
export function valuesBefore(version: Version, reference: string, { entities, versions }: Evidence): string[] {
  const held = reference.startsWith(ATTRIBUTE)
    ? entities
        // A row that was changed after its page was opened may have been read in either form.
        .filter(({ rowId, entityVersion }) => rowId === version.rowId && entityVersion >= (version.madeFrom ?? 0))
        .map(({ entity }) => entity[reference.slice(ATTRIBUTE.length)])
    : versions
        .filter(({ rowId, columnId, id }) => rowId === version.rowId && columnId === reference && id < version.id)
        .filter(({ status }) => status === 'filled')
        .map(({ value }) => value);
  const texts = held.filter((value) => typeof value === 'string' || typeof value === 'number').map(String);
  return [...new Set(texts.filter((text) => text !== ''))];
}
