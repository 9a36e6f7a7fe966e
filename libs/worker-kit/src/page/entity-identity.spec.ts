import { describe, expect, test } from '@jest/globals';
import { identityOf } from './entity-identity.js';

describe('the identity of a row', () => {
  test.each([
    ['company', { name: ' Acme  Rockets ' }, { name: 'Acme Rockets' }],
    ['company', { domain: 'https://WWW.Acme.com:8443/about?x#y' }, { domain: 'acme.com' }],
    ['company', { name: 'Acme', domain: 'not a domain' }, { name: 'Acme' }],
    ['company', { name: 3, domain: null }, { name: '3' }],
    ['company', { name: ' ', email: 'info@acme.com' }, undefined],
    ['company', {}, undefined],
    ['contact', { email: ' Ada@Acme.com ' }, { email: 'ada@acme.com' }],
    ['contact', { name: 'Ada Lovelace', domain: 'acme.com' }, { name: 'Ada Lovelace', domain: 'acme.com' }],
    ['contact', { name: 'Ada', domain: 'acme.com' }, undefined],
    ['contact', { name: 'Ada Lovelace' }, undefined],
    ['contact', { email: 'nonsense' }, undefined],
  ] as const)('of a %s with %j is %j', (entityType, inputs, identity) => {
    expect(identityOf(entityType, inputs)).toEqual(identity);
  });
});
