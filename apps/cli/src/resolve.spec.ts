import { describe, expect, test } from '@jest/globals';
import { resolveOne } from './resolve.js';

const LISTS = [
  { id: 'lst_1', name: 'Companies' },
  { id: 'lst_2', name: 'Contacts' },
  { id: 'lst_3', name: 'contacts ' },
  { id: 'lst_4', name: 'lst_1' },
];

describe('an item named by a person', () => {
  test('is found by its id, even where another one has that id as its title', () => {
    expect(resolveOne('list', 'lst_1', LISTS).name).toBe('Companies');
  });

  test('is found by its title, whatever its case and outer spaces', () => {
    expect(resolveOne('list', ' COMPANIES ', LISTS).id).toBe('lst_1');
  });

  test('is refused with the competing ids when two have the title', () => {
    expect(() => resolveOne('list', 'Contacts', LISTS)).toThrow('by its id: lst_2, lst_3');
  });

  test('is refused with what exists when nothing has the title', () => {
    expect(() => resolveOne('list', 'Leads', LISTS.slice(0, 2))).toThrow(
      'There is no list "Leads". There is "Companies", "Contacts".',
    );
    expect(() => resolveOne('list', 'Leads', [])).toThrow('There are no lists yet.');
  });

  test('is refused with at most ten titles', () => {
    const many = Array.from({ length: 12 }, (_, index) => ({ id: `col_${index}`, name: `C${index}` }));
    expect(() => resolveOne('column', 'X', many)).toThrow(/"C9" and 2 more\.$/);
  });
});
