// Checks C2SP tlog-proof files with @sigstore/verify's merkle and checkpoint modules alone.
// Usage: node check.mjs NODE_MODULES VKEY_FILE PROOF...; a line for each proof.
import { createHash, createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const [modules, vkeyFile, ...proofs] = process.argv.slice(2);
const require = createRequire(import.meta.url);
const tlog = join(modules, '@sigstore/verify/dist/tlog');
const { verifyMerkleInclusion } = require(join(tlog, 'merkle.js'));
const { verifyCheckpoint } = require(join(tlog, 'checkpoint.js'));

const [name, , ...encoded] = readFileSync(vkeyFile, 'utf8').trim().split('+');
const key = Buffer.from(encoded.join('+'), 'base64');
const keyId = createHash('sha256').update(name).update('\n').update(key).digest();
const log = {
  baseURL: name,
  logID: keyId,
  publicKey: createPublicKey({
    key: Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), key.subarray(1)]),
    format: 'der',
    type: 'spki',
  }),
};

function check(file) {
  const text = readFileSync(file, 'utf8');
  const blank = text.indexOf('\n\n');
  const [, extra, index, ...hashes] = text.slice(0, blank).split('\n');
  const entry = {
    canonicalizedBody: Buffer.from(extra.slice('extra '.length), 'base64'),
    inclusionProof: {
      logIndex: index.slice('index '.length),
      hashes: hashes.map((hash) => Buffer.from(hash, 'base64')),
      checkpoint: { envelope: text.slice(blank + 2) },
    },
  };
  verifyMerkleInclusion(entry, verifyCheckpoint(entry, [log]));
}

for (const file of proofs) {
  try {
    check(file);
    console.log('ACCEPTED');
  } catch (e) {
    console.log('REFUSED:', e.message);
  }
}
