import { expect, test } from '@jest/globals';
import { SAMPLE_CONTACTS } from './sample-contacts.js';

test('the sample contacts are enough to scroll through, and each is somebody else', () => {
  expect(SAMPLE_CONTACTS.length).toBeGreaterThanOrEqual(200);
  expect(new Set(SAMPLE_CONTACTS.map(({ email }) => email)).size).toBe(SAMPLE_CONTACTS.length);
  expect(new Set(SAMPLE_CONTACTS.map(({ name }) => name)).size).toBe(SAMPLE_CONTACTS.length);
});

test('the addresses of sample contacts are at domains that nobody can own', () => {
  for (const { email, domain } of SAMPLE_CONTACTS) {
    expect(domain).toMatch(/^[a-z-]+\.example$/);
    expect(email).toMatch(new RegExp(`^[a-z]+\\.[a-z]+@${domain}$`));
  }
});
