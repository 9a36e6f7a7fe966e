import { describe, expect, test } from '@jest/globals';
import { PinoLogger } from './pino-logger.js';

function logged(write: (logger: PinoLogger) => void): Record<string, unknown>[] {
  const lines: string[] = [];
  write(new PinoLogger({ name: 'test', level: 'info', destination: { write: (line) => void lines.push(line) } }));
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('the log', () => {
  test('is one JSON object a line with level, process and context', () => {
    const [line] = logged((logger) => logger.log({ msg: 'A page failed', pageNo: 3 }, 'PageRunner'));
    expect(line).toMatchObject({ level: 'info', name: 'test', context: 'PageRunner', msg: 'A page failed', pageNo: 3 });
  });

  test('tells class and frames of an error and not its message, which may quote a cell', () => {
    const [line] = logged((logger) => logger.error('It failed', new TypeError('canary is not a number'), 'Somewhere'));
    expect(line).toMatchObject({ msg: 'It failed', errorClass: 'TypeError', context: 'Somewhere' });
    expect(JSON.stringify(line)).not.toContain('canary');
    const [thrown] = logged((logger) => logger.error(new TypeError('canary')));
    expect(JSON.stringify(thrown)).not.toContain('canary');
  });

  test('censors secrets', () => {
    const [line] = logged((logger) =>
      logger.log({ msg: 'x', headers: { authorization: 'Bearer canary' }, apiKey: 'canary' }),
    );
    expect(JSON.stringify(line)).not.toContain('canary');
  });
});
