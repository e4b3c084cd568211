// What Bruno makes of a collection's files: each is read by Bruno's own reader, written by its
// writer and read again, and both readings must say the same.
//
//   npm install --prefix DIR @usebruno/filestore@0.12.0 nanoid@3
//   node tests/clients/filestore.mjs DIR COLLECTION...
//
// Ends with 1 if a file is read differently after Bruno saved it. `--diff` also prints the lines
// that Bruno writes otherwise than we do.
import { createRequire } from 'node:module';
import { deepStrictEqual } from 'node:assert';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

const [packages, ...rest] = process.argv.slice(2);
const showDiff = rest.includes('--diff');
const collections = rest.filter((argument) => argument !== '--diff');
if (!packages || !collections.length) {
  console.error('usage: node filestore.mjs DIR COLLECTION... [--diff]');
  process.exit(2);
}
const require = createRequire(join(resolve(packages), 'node_modules', 'x.js'));
const store = require('@usebruno/filestore');
const yml = { format: 'yml' };

function* files(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* files(path);
    else if (entry.name.endsWith('.yml')) yield path;
  }
}

// Bruno gives everything fresh uids when it reads.
const plain = (value) => JSON.parse(JSON.stringify(value, (key, inner) => (key === 'uid' || key === 'itemUid' ? undefined : inner)));

function roundTrip(path, text) {
  if (basename(path) === 'opencollection.yml') {
    const read = (source) => store.parseCollection(source, yml);
    const model = read(text);
    const written = store.stringifyCollection(model.collectionRoot, model.brunoConfig, yml);
    return [model, written, read(written)];
  }
  const [read, write] =
    basename(path) === 'folder.yml'
      ? [store.parseFolder, store.stringifyFolder]
      : basename(dirname(path)) === 'environments'
        ? [store.parseEnvironment, store.stringifyEnvironment]
        : [store.parseRequest, store.stringifyRequest];
  const model = read(text, yml);
  const written = write(model, yml);
  return [model, written, read(written, yml)];
}

let checked = 0;
let failed = 0;
let rewritten = 0;
for (const collection of collections) {
  if (!existsSync(join(collection, 'opencollection.yml'))) {
    console.error(`${collection} is no collection`);
    process.exit(2);
  }
  for (const path of files(collection)) {
    const text = readFileSync(path, 'utf8');
    checked += 1;
    try {
      const [before, written, after] = roundTrip(path, text);
      deepStrictEqual(plain(after), plain(before));
      if (written !== text) {
        rewritten += 1;
        if (showDiff) {
          const theirs = new Set(written.split('\n'));
          const ours = new Set(text.split('\n'));
          console.log(path);
          for (const line of ours) if (!theirs.has(line)) console.log(`  - ${line}`);
          for (const line of theirs) if (!ours.has(line)) console.log(`  + ${line}`);
        }
      }
    } catch (error) {
      failed += 1;
      console.error(`${path}: ${error.message}`);
    }
  }
}
console.log(`${checked} files, ${failed} read differently after Bruno saved them, ${rewritten} with other text`);
process.exit(failed ? 1 : 0);
