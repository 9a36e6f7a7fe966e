import { describe, expect, test } from '@jest/globals';
import { guessIdentity } from './guess-identity.js';

describe('the identity of a list', () => {
  test('is guessed from the usual names of a company', () => {
    const attributes = ['Security', 'Company', 'Web site', 'Notes'];
    expect(guessIdentity(attributes, 'company')).toEqual({ name: 'Company', domain: 'Web site' });
  });

  test('of people is not the name of their company', () => {
    const attributes = ['Company', 'Company domain', 'E-mail', 'Full name'];
    const identity = { name: 'Full name', domain: 'Company domain', email: 'E-mail' };
    expect(guessIdentity(attributes, 'contact')).toEqual(identity);
    expect(guessIdentity(['Company'], 'contact')).toEqual({});
  });
});
