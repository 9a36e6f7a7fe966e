import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { applyPatch, type SourcePatch } from './planted-bug.js';

/** Not needed in a copy that only builds apps and runs the stack. */
const LEFT_OUT = new Set(['.git', '.nx', '.uno', 'node_modules', 'coverage']);

/** A copy of the repository in which sources may be broken. It is built; packages are those of the repository. */
export class ScratchCopy {
  private readonly originals = new Map<string, string>();

  private constructor(readonly directory: string) {}

  /** Makes the copy anew. */
  static make(repository: string, directory: string): ScratchCopy {
    rmSync(directory, { recursive: true, force: true });
    mkdirSync(directory, { recursive: true });
    const isWanted = (path: string): boolean => !LEFT_OUT.has(relative(repository, path).split('/').at(-1) ?? '');
    for (const entry of readdirSync(repository).filter((name) => !LEFT_OUT.has(name))) {
      cpSync(join(repository, entry), join(directory, entry), { recursive: true, filter: isWanted });
    }
    linkPackages(repository, directory, '.');
    for (const workspace of workspacesWithPackages(repository)) linkPackages(repository, directory, workspace);
    return new ScratchCopy(directory);
  }

  /** Applies the patches and builds what they touch. */
  plant(patches: readonly SourcePatch[]): void {
    for (const patch of patches) {
      const path = join(this.directory, patch.file);
      const text = readFileSync(path, 'utf8');
      if (!this.originals.has(patch.file)) this.originals.set(patch.file, text);
      writeFileSync(path, applyPatch(text, patch));
    }
    this.build(patches.map(({ file }) => file));
  }

  /** Takes every patch back and builds again. */
  revert(): void {
    for (const [file, text] of this.originals) writeFileSync(join(this.directory, file), text);
    this.build([...this.originals.keys()]);
    this.originals.clear();
  }

  private build(files: readonly string[]): void {
    const sources = files.filter((file) => file.endsWith('.ts'));
    for (const app of new Set(sources.map((file) => file.split('/').slice(0, 2).join('/')))) {
      execFileSync('npm', ['run', 'build'], { cwd: join(this.directory, app), stdio: ['ignore', 2, 'inherit'] });
    }
  }
}

/** Each package is a link to the repository's, but the workspaces', which must be those of the copy. */
function linkPackages(repository: string, directory: string, workspace: string): void {
  const from = join(repository, workspace, 'node_modules');
  const to = join(directory, workspace, 'node_modules');
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from)) {
    if (name === '@uno') cpSync(join(from, name), join(to, name), { recursive: true, verbatimSymlinks: true });
    else symlinkSync(join(from, name), join(to, name));
  }
}

/** Workspaces with packages that could not be shared. */
function workspacesWithPackages(repository: string): string[] {
  const folders = ['apps', 'libs', 'tools'].flatMap((group) =>
    readdirSync(join(repository, group)).map((name) => join(group, name)),
  );
  return folders.filter((folder) => existsSync(join(repository, folder, 'node_modules')));
}
