#!/usr/bin/env node
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const USAGE = `Usage: npm run without-service -- <service>…

Shows that a team's service can be deleted and nothing else notices: copies the checkout, deletes apps/<service>-worker and
libs/service-contracts/<service> from the copy, and there builds, lints and checks the types of everything that is left, and
runs every test file that names the service. Takes some minutes for each service. --keep keeps the copies.
`;

const repository = fileURLToPath(new URL('../../..', import.meta.url));
const args = process.argv.slice(2);
const services = args.filter((arg) => !arg.startsWith('--'));

if (services.length === 0 || args.includes('--help')) {
  process.stdout.write(USAGE);
  process.exit(services.length === 0 ? 1 : 0);
}
const failed = services.filter((service) => !passesWithout(service));
process.exit(failed.length === 0 ? 0 : 1);

function passesWithout(service) {
  const deleted = [`apps/${service}-worker`, `libs/service-contracts/${service}`];
  const missing = deleted.filter((folder) => !existsSync(join(repository, folder)));
  if (missing.length > 0) throw new Error(`There is no ${missing.join(' and no ')}`);
  const copy = mkdtempSync(join(tmpdir(), `without-${service}-`));
  say(`${service}: deleting ${deleted.join(' and ')} in ${copy}`);
  copyCheckout(copy, deleted);
  linkPackages(copy);
  const specs = specsThatName(service, copy);
  const steps = [
    ['build', 'npx', ['nx', 'run-many', '-t', 'build', '--parallel=2', '--outputStyle=static']],
    ['lint', 'npm', ['run', 'lint']],
    ['typecheck', 'npx', ['nx', 'run-many', '-t', 'typecheck', '--parallel=2', '--outputStyle=static']],
    ...[...specs].map(([project, files]) => [`test ${project}`, 'npm', ['test', '--', ...files], project]),
    // The team's last commit brings the lock file up to date; the copy's packages are those of the checkout.
    ['lock file', 'npm', ['install', '--package-lock-only', '--ignore-scripts', '--prefer-offline']],
  ];
  const passed = steps.map(([name, command, parameters, folder = '.']) => {
    const begun = Date.now();
    const { status, stdout, stderr } = run(command, parameters, join(copy, folder));
    say(
      `${service}: ${name} ${status === 0 ? 'passed' : 'FAILED'} after ${Math.round((Date.now() - begun) / 1_000)} s`,
    );
    if (status !== 0) process.stdout.write(`${stdout}${stderr}\n`);
    return status === 0;
  });
  const isWhole = passed.every(Boolean);
  say(`${service}: the repository without it ${isWhole ? 'builds and passes' : 'does NOT pass'}`);
  if (!args.includes('--keep')) rmSync(copy, { recursive: true, force: true });
  return isWhole;
}

/** Everything that is tracked or would be, as it stands now, as a repository of its own: Nx and some tests ask git. */
function copyCheckout(copy, deleted) {
  const git = (...parameters) => execFileSync('git', parameters, { cwd: repository, encoding: 'utf8' });
  const listed = git('ls-files', '--cached', '--others', '--exclude-standard', '-z').split('\0');
  const isLeft = (path) => !deleted.some((folder) => path.startsWith(`${folder}/`));
  for (const path of new Set(listed)) {
    if (path === '' || !isLeft(path) || !existsSync(join(repository, path))) continue;
    mkdirSync(dirname(join(copy, path)), { recursive: true });
    cpSync(join(repository, path), join(copy, path));
  }
  for (const parameters of [
    ['init', '--quiet'],
    ['add', '--all'],
  ])
    execFileSync('git', parameters, { cwd: copy });
}

/** Packages are links to the checkout's; what is ours is linked within the copy, as npm does it. */
function linkPackages(copy) {
  const from = join(repository, 'node_modules');
  const to = join(copy, 'node_modules');
  mkdirSync(join(to, '@uno'), { recursive: true });
  for (const name of readdirSync(from).filter((each) => each !== '@uno')) symlinkSync(join(from, name), join(to, name));
  const folders = ['apps', 'libs', 'libs/service-contracts', 'tools'].flatMap((group) =>
    readdirSync(join(copy, group)).map((name) => join(group, name)),
  );
  for (const folder of folders.filter((each) => existsSync(join(copy, each, 'package.json')))) {
    const { name } = JSON.parse(readFileSync(join(copy, folder, 'package.json'), 'utf8'));
    symlinkSync(join(copy, folder), join(to, name));
    const own = join(repository, folder, 'node_modules');
    if (existsSync(own)) symlinkSync(own, join(copy, folder, 'node_modules'));
  }
}

/** Test files, by the folder of their project, that hold the service's id or the name of its worker or contract as a text. */
function specsThatName(service, copy) {
  const files = execFileSync('git', ['ls-files', '*.spec.ts', '*.spec.tsx'], { cwd: copy, encoding: 'utf8' }).split(
    '\n',
  );
  const name = new RegExp(`['"\`/]${service}(-worker|-contract)?['"\`/]`);
  const named = files.filter((path) => path !== '' && name.test(readFileSync(join(copy, path), 'utf8')));
  const projects = new Map();
  for (const path of named) {
    const project = /^(libs\/service-contracts|apps|libs|tools)\/[^/]+/.exec(path)?.[0];
    if (project) projects.set(project, [...(projects.get(project) ?? []), path.slice(project.length + 1)]);
  }
  return projects;
}

function run(command, parameters, cwd) {
  const env = { ...process.env, NX_DAEMON: 'false', NODE_NO_WARNINGS: '1' };
  return spawnSync(command, parameters, { cwd, env, encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 });
}

function say(line) {
  process.stdout.write(`${line}\n`);
}
