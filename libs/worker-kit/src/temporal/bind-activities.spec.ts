import { describe, expect, test } from '@jest/globals';
import { bindActivities } from './bind-activities.js';

class Greeting {
  constructor(private readonly word: string) {}

  async greet(name: string): Promise<string> {
    return `${this.word} ${name}`;
  }

  onModuleInit(): void {
    throw new Error('A hook of Nest is no activity');
  }
}

class OtherGreeting {
  async greet(): Promise<string> {
    return 'Hi';
  }
}

describe('binding activities', () => {
  test('keeps what an activity was injected with', async () => {
    const { greet } = bindActivities([new Greeting('Hello')], ['greet']);
    expect(await greet?.('Ada' as never)).toBe('Hello Ada');
  });

  test('takes methods only, not the hooks of Nest', () => {
    expect(Object.keys(bindActivities([new Greeting('Hello')], []))).toEqual(['greet']);
  });

  test('refuses two activities of one name', () => {
    expect(() => bindActivities([new Greeting('Hello'), new OtherGreeting()], [])).toThrow(
      'greet is implemented twice',
    );
  });

  test('refuses to start without an activity that the workflows call', () => {
    expect(() => bindActivities([new Greeting('Hello')], ['greet', 'part'])).toThrow('promised activity part');
  });
});
