import type { ListRecord } from './list-record.js';
import type { Identity } from './list.schema.js';

type EntityType = ListRecord['entity_type'];

/** Usual names of the attributes that say who an entity is, the surest first. */
const NAMES_OF_ENTITIES: Readonly<Record<EntityType, readonly string[]>> = {
  company: [
    'name',
    'company name',
    'company',
    'account name',
    'organization',
    'organisation',
    'organization name',
    'business name',
    'security',
    'issuer',
  ],
  contact: ['name', 'full name', 'contact name', 'person', 'person name'],
};
const USUAL_NAMES: Readonly<Record<Exclude<keyof Identity, 'name'>, readonly string[]>> = {
  domain: ['domain', 'company domain', 'website', 'company website', 'web site', 'url', 'homepage', 'web'],
  email: ['email', 'e mail', 'email address', 'e mail address', 'work email', 'mail', 'business email'],
};

const normalize = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

/** Guesses from usual names which attributes identify an entity; what is not found is absent. */
export function guessIdentity(attributes: readonly string[], entityType: EntityType): Identity {
  const usualNames = { ...USUAL_NAMES, name: NAMES_OF_ENTITIES[entityType] };
  const byName = new Map(attributes.map((attribute) => [normalize(attribute), attribute] as const).reverse());
  const guess = (part: keyof Identity): Identity => {
    const usual = usualNames[part].find((name) => byName.has(name));
    return usual === undefined ? {} : { [part]: byName.get(usual) };
  };
  return { ...guess('name'), ...guess('domain'), ...guess('email') };
}
