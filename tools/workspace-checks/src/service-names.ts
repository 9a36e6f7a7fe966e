import ts from 'typescript';
import type { RepositoryFile } from './repository.js';

/** Ids of the services that ship with the product. The orchestrator must not know any of them. */
export const SERVICE_IDS = ['enrich', 'signals', 'ai', 'crm'] as const;

/**
 * `path:line: text` for every string or template literal that names a service (`enrich`, `enrich-worker`, `crm:…`).
 * Comments are free to give examples.
 */
export function findServiceNames(files: readonly RepositoryFile[]): string[] {
  const name = new RegExp(`(^|[^a-z])(${SERVICE_IDS.join('|')})($|[^a-z])`, 'i');
  return files.flatMap(({ path, text }) => {
    const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
    const found: string[] = [];
    const visit = (node: ts.Node): void => {
      if (isText(node) && name.test(node.text)) {
        found.push(`${path}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}: ${node.text}`);
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
    return found;
  });
}

function isText(node: ts.Node): node is ts.StringLiteralLike | ts.TemplateLiteralLikeNode {
  return ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node);
}
