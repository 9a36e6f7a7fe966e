import { describe, expect, test } from '@jest/globals';
import { HttpError } from '../http.js';
import { StackError } from '../stack/stack-error.js';
import { outliveRestarts } from './outlive-restarts.js';

const withCode = (code: string): Error => Object.assign(new Error('as the driver says it'), { code });

describe('a step that needs supervised processes', () => {
  test.each([
    [
      'Postgres was killed in the middle of it',
      new Error('Client has encountered a connection error and is not queryable'),
    ],
    ['its connection was cut', new Error('Connection terminated unexpectedly')],
    ['Postgres is starting up', withCode('57P03')],
    ['nobody listens yet', new TypeError('fetch failed', { cause: withCode('ECONNREFUSED') })],
    ['the API says that Postgres is away', new HttpError({ method: 'GET', url: '/' }, 503, 'away')],
    ['a migration met the death of Postgres', new Error('Migration x failed', { cause: withCode('57P01') })],
  ])('is done again where %s', async (_, error) => {
    let tries = 0;
    const done = await outliveRestarts(async () => {
      tries += 1;
      if (tries === 1) throw error;
      return 'done';
    });
    expect([done, tries]).toEqual(['done', 2]);
  });

  test.each([
    ['a migration is wrong', Object.assign(new Error('Migration x failed'), { cause: withCode('42601') })],
    ['the request is refused', new HttpError({ method: 'GET', url: '/' }, 409, 'no')],
    ['the person has to do something', new StackError('The database does not fit this version')],
  ])('is not done again where %s', async (_, error) => {
    let tries = 0;
    const work = (): Promise<never> => {
      tries += 1;
      return Promise.reject(error);
    };
    await expect(outliveRestarts(work)).rejects.toBe(error);
    expect(tries).toBe(1);
  });

  test('is given up with the last error when the process stays away', async () => {
    const error = withCode('ECONNREFUSED');
    await expect(outliveRestarts(() => Promise.reject(error), 300)).rejects.toBe(error);
  });
});
