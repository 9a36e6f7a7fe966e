import type { Identity } from './list.schema.js';

/** Usual names of the attributes that say who an entity is, the surest first. */
const USUAL_NAMES: Readonly<Record<keyof Identity, readonly string[]>> = {
  name: [
    'name',
    'company name',
    'company',
    'full name',
    'contact name',
    'account name',
    'organization',
    'organisation',
    'organization name',
    'business name',
    'security',
    'issuer',
  ],
  domain: ['domain', 'company domain', 'website', 'company website', 'web site', 'url', 'homepage', 'web'],
  email: ['email', 'e mail', 'email address', 'e mail address', 'work email', 'mail', 'business email'],
};

const normalize = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

/** Guesses from usual names which attributes identify an entity; what is not found is absent. */
export function guessIdentity(attributes: readonly string[]): Identity {
  const byName = new Map(attributes.map((attribute) => [normalize(attribute), attribute] as const).reverse());
  const guess = (part: keyof Identity): Identity => {
    const usual = USUAL_NAMES[part].find((name) => byName.has(name));
    return usual === undefined ? {} : { [part]: byName.get(usual) };
  };
  return { ...guess('name'), ...guess('domain'), ...guess('email') };
}
