import { ATTRIBUTE_REFERENCE } from '@uno/workflow-contracts';
import type { Reference } from '@uno/workflow-contracts';

export interface NamedColumn {
  readonly id: string;
  readonly name: string;
  readonly dependsOn: readonly string[];
}

/** What a config of the list may name. */
export interface Referable {
  readonly reference: Reference;
  readonly title: string;
  readonly kind: 'attribute' | 'column';
}

/** At most so many names are told to somebody who gave an unknown one. */
const NAMES_TOLD = 100;

/**
 * Everything in a list that has a title, by title and by reference. Titles are compared whatever their case; a reference that is
 * written out (`attr:Name`, `col_…`) means itself, which is the way out where a title is ambiguous.
 */
export class ListNames {
  readonly #byReference: ReadonlyMap<Reference, Referable>;
  readonly #byTitle = new Map<string, Referable[]>();

  constructor(
    attributes: readonly string[],
    readonly columns: readonly NamedColumn[],
  ) {
    const all: Referable[] = [
      ...attributes.map((title) => ({ reference: ATTRIBUTE_REFERENCE + title, title, kind: 'attribute' as const })),
      ...columns.map(({ id, name }) => ({ reference: id, title: name, kind: 'column' as const })),
    ];
    this.#byReference = new Map(all.map((one) => [one.reference, one]));
    for (const one of all) {
      const key = folded(one.title);
      this.#byTitle.set(key, [...(this.#byTitle.get(key) ?? []), one]);
    }
  }

  /** What a name in the config of column `self` means; the column itself only where nothing else has the name. */
  find(name: string, self: string): readonly Referable[] {
    const written = this.#byReference.get(name.trim());
    if (written) return [written];
    const found = this.#byTitle.get(folded(name)) ?? [];
    const others = found.filter(({ reference }) => reference !== self);
    if (others.length === 0) return found;
    // Attributes come from a file and cannot be renamed: of two that differ in their case, the spelling tells them apart.
    const exact = others.filter(({ title }) => title === name.trim());
    return exact.length === 1 && others.every(({ kind }) => kind === 'attribute') ? exact : others;
  }

  /** How to write a reference in the config of column `self`: its title, or the reference where the title is ambiguous. */
  titleOf(reference: Reference, self: string): string {
    const title = this.#byReference.get(reference)?.title;
    if (title === undefined) return reference;
    const [only, ...more] = this.find(title, self);
    return only?.reference === reference && more.length === 0 ? title : reference;
  }

  /** The title as it is, for a sentence. */
  plainTitle(reference: Reference): string {
    return this.#byReference.get(reference)?.title ?? reference;
  }

  /** What there is to name in the config of column `self`, as a sentence. */
  describe(self: string): string {
    const named = [...this.#byReference.values()].filter(({ reference }) => reference !== self);
    if (named.length === 0) return 'The list has no attribute and no other column.';
    const told = named.slice(0, NAMES_TOLD);
    const of = (wanted: Referable['kind']): string =>
      told.flatMap(({ kind, title }) => (kind === wanted ? [title] : [])).join(', ') || 'none';
    const rest = named.length > told.length ? ` And ${named.length - told.length} more.` : '';
    return `The list has the attributes: ${of('attribute')}; the columns: ${of('column')}.${rest}`;
  }
}

const folded = (title: string): string => title.trim().normalize('NFC').toLowerCase();
