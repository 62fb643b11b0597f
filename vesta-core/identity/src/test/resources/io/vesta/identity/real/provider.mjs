// npm oidc-provider on loopback: node provider.mjs <node_modules> <port or 0> <key id> <client JWK>
import { createServer } from 'node:http';
import { generateKeyPairSync } from 'node:crypto';
import { pathToFileURL } from 'node:url';

const [modules, port, kid, clientKey] = process.argv.slice(2);
const { default: Provider } = await import(pathToFileURL(`${modules}/oidc-provider/lib/index.js`));

let provider;
let slow = 0;
const counts = {};

const server = createServer(async (req, res) => {
  const path = req.url.split('?')[0];
  counts[path] = (counts[path] || 0) + 1;
  if (path === '/control') {
    slow = Number(new URL(req.url, 'http://x').searchParams.get('slow') ?? slow);
    res.setHeader('content-type', 'application/json');
    res.end(JSON.stringify(counts));
  } else if (path.startsWith('/interaction/')) {
    // The person says yes to everything.
    const details = await provider.interactionDetails(req, res);
    const grant = new provider.Grant({ accountId: 'ann', clientId: details.params.client_id });
    grant.addOIDCScope(details.params.scope);
    await provider.interactionFinished(req, res, {
      login: { accountId: 'ann' },
      consent: { grantId: await grant.save() },
    });
  } else if (path === '/token' && slow) {
    setTimeout(() => provider.callback()(req, res), slow);
  } else {
    provider.callback()(req, res);
  }
});

server.listen(Number(port), '127.0.0.1', () => {
  const at = server.address().port;
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const redirects = ['https://crm.acme.example/login/acme', 'https://crm.acme.example/consent/acme'];
  provider = new Provider(`http://127.0.0.1:${at}`, {
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), kid, use: 'sig', alg: 'RS256' }] },
    cookies: { keys: ['a key for tests'] },
    clients: [
      {
        client_id: 'vesta',
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        redirect_uris: redirects,
      },
      {
        client_id: 'service',
        token_endpoint_auth_method: 'private_key_jwt',
        token_endpoint_auth_signing_alg: 'PS256',
        grant_types: ['client_credentials'],
        response_types: [],
        redirect_uris: [],
        jwks: { keys: [JSON.parse(clientKey)] },
      },
    ],
    scopes: ['openid', 'email', 'offline_access', 'mail.read', 'mail.send'],
    claims: { openid: ['sub'], email: ['email', 'email_verified'] },
    conformIdTokenClaims: false,
    issueRefreshToken: async () => true,
    rotateRefreshToken: true,
    findAccount: (ctx, id) => ({
      accountId: id,
      claims: async () => ({ sub: id, email: 'ann@acme.example', email_verified: true }),
    }),
    interactions: { url: (ctx, interaction) => `/interaction/${interaction.uid}` },
    features: {
      devInteractions: { enabled: false },
      revocation: { enabled: true },
      clientCredentials: { enabled: true },
    },
    ttl: { AccessToken: 90, AuthorizationCode: 60, IdToken: 300, Grant: 86400, RefreshToken: 86400, Interaction: 600, Session: 600, ClientCredentials: 600 },
  });
  console.log(`READY ${at}`);
});
