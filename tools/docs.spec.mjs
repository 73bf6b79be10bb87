// Every link in the documentation leads somewhere: files and folders are looked up, addresses of the running platform are left alone.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const pages = [
  ...readdirSync(root).filter((name) => name.endsWith('.md')),
  ...['docs', 'examples', 'data', 'k8s'].filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) => readdirSync(join(root, folder), { recursive: true }).map((name) => join(folder, String(name))).filter((name) => name.endsWith('.md'))),
];

const linksOf = (text) => [...text.replace(/```[\s\S]*?```/g, '').matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link).filter((link) => !/^(https?:|mailto:|#)/.test(link));

describe('the documentation', () => {
  it('has pages', () => expect(pages).toEqual(expect.arrayContaining(['README.md', 'CONTRIBUTING.md', 'docs/an-orders-path.md', 'docs/glossary.md'])));

  it.each(pages)('%s links to what exists', (page) => {
    const broken = linksOf(readFileSync(join(root, page), 'utf8')).filter((link) => !existsSync(resolve(root, dirname(page), decodeURIComponent(link.split('#')[0]))));
    expect(broken).toEqual([]);
  });

  it('notices a broken link', () => {
    expect(linksOf('see [this](docs/nowhere.md)').filter((link) => !existsSync(join(root, link)))).toEqual(['docs/nowhere.md']);
  });
});
