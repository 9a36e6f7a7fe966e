import { execFileSync } from 'node:child_process';

/** Short id of the checkout's commit, with `+` where its files have changes on top; `unknown` outside a git checkout. */
export function buildId(repository: string): string {
  const git = (...args: string[]): string => execFileSync('git', args, { cwd: repository, encoding: 'utf8' }).trim();
  try {
    return `${git('rev-parse', '--short', 'HEAD')}${git('status', '--porcelain', '--untracked-files=no') ? '+' : ''}`;
  } catch {
    return 'unknown';
  }
}
