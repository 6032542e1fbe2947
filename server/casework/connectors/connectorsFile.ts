import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { Type, type Static } from 'typebox';
import { MAX_URL } from '../../../contract/accessLimits.ts';
import {
  ConnectorPlatform,
  GatewayKey,
  MessageFieldsSchema,
  type ConnectorSetting,
  type MessageSetting,
} from '../../../contract/connectors.ts';
import { closed, RegionCode } from '../../../contract/fields.ts';
import { MESSAGE_PLATFORM } from '../../../common/messages/constants.ts';
import type { RegionPack } from '../../../contract/region.ts';
import { whenAsked } from '../../../common/whenAsked.ts';
import { schemaFault } from '../../platform/schemaFaults.ts';
import { SettingError } from '../../platform/settings.ts';
import { BOTH_SECRETS_MS, connectorsOf, type ConnectorStore, type Secrets } from './connectorStore.ts';
import { messageFaults, needsKey } from '../../../common/messages/settingFaults.ts';
import { urlFault } from './webhook.ts';
import { TRUSTED } from '../../../common/trustedSchemas.ts';

/** By Standard Webhooks: 24 to 64 bytes in base64. */
const SecretText = Type.String({ pattern: '^whsec_[A-Za-z0-9+/]{32,88}={0,2}$' });
const place = { region: RegionCode, platform: ConnectorPlatform };
const EntrySchema = Type.Object(
  {
    ...place,
    // Of them, `kind` and `url` are others here.
    ...MessageFieldsSchema.properties,
    key: Type.Optional(GatewayKey),
    kind: Type.Unsafe<'webhook' | 'file' | 'message'>({ type: 'string', enum: ['webhook', 'file', 'message'] }),
    url: Type.Optional(Type.String({ minLength: 1, maxLength: MAX_URL })),
    secret: Type.Optional(SecretText),
    /** Signs as well, while the other side changes over. */
    previous: Type.Optional(SecretText),
  },
  closed,
);
export const ConnectorsFileSchema = Type.Object({ connectors: Type.Array(EntrySchema) }, closed);

/** A connector as CONNECTORS_FILE has it. */
export interface FileConnector {
  region: string;
  platform: string;
  setting: ConnectorSetting;
  secrets?: Secrets;
}

const validator = whenAsked(() =>
  new Ajv({ allErrors: true, ...TRUSTED, verbose: true }).compile<Static<typeof ConnectorsFileSchema>>(
    ConnectorsFileSchema,
  ),
);

/**
 * Reads CONNECTORS_FILE.
 * @param now epoch ms: a previous secret signs for a day after each start
 * @throws SettingError one sentence for each fault, with its path; no secret is told
 */
export function readConnectorsFile(
  path: string,
  packOf: (region: string) => RegionPack | undefined,
  hosts: readonly string[],
  now: number,
): FileConnector[] {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8').replace(/^\uFEFF/, ''));
  } catch {
    // What a parser says may quote a secret.
    throw new SettingError([`${path} cannot be read as JSON.`]);
  }
  const validate = validator();
  if (!validate(value))
    throw new SettingError(
      validate.errors!.slice(0, 10).map((error) => {
        const { path: at, problem } = schemaFault(error, 'a connector');
        return /\/(secret|previous|key)$/.test(at)
          ? `${path}: ${at} must be ${at.endsWith('key') ? '1 to 500 printable ASCII characters' : 'whsec_ and 24 to 64 bytes in base64'}.`
          : `${path}: ${at || '/'} ${problem}.`;
      }),
    );
  const problems: string[] = [];
  const seen = new Set<string>();
  const list = value.connectors.map((entry, i): FileConnector => {
    const { region, platform, kind, url, secret, previous, key, ...ofMessages } = entry;
    const at = `${path}: /connectors/${i}`;
    const pack = packOf(region);
    if (!pack) problems.push(`${at}/region ${region} is not watched here.`);
    else if (!connectorsOf(pack).includes(platform))
      problems.push(`${at}/platform ${platform} is none of ${connectorsOf(pack).join(', ')}.`);
    if ((kind === 'message') !== (platform === MESSAGE_PLATFORM))
      problems.push(`${at}/kind ${kind} is not how ${platform} is connected.`);
    if (seen.has(`${region} ${platform}`)) problems.push(`${at} is there twice: ${region} ${platform}.`);
    seen.add(`${region} ${platform}`);
    if (kind !== 'message')
      for (const field of Object.keys({ ...ofMessages, ...(key === undefined ? {} : { key }) }))
        problems.push(`${at}/${field} is given, but only messages have it.`);
    if (kind === 'file') {
      for (const [field, given] of Object.entries({ url, secret, previous }))
        if (given !== undefined) problems.push(`${at}/${field} is given, but files have none.`);
      return { region, platform, setting: { kind } };
    }
    if (secret === undefined) problems.push(`${at}/secret is missing: what is sent is signed.`);
    const fault = url === undefined ? 'is missing: it says where to send' : urlFault(url, hosts);
    if (fault !== undefined) problems.push(`${at}/url ${fault}.`);
    const secrets: Secrets = { current: secret ?? '' };
    if (previous !== undefined) Object.assign(secrets, { previous, previousUntil: now + BOTH_SECRETS_MS });
    if (kind === 'webhook') return { region, platform, setting: { kind, url: url ?? '' }, secrets };
    const setting: MessageSetting = { kind, url: url ?? '', ...ofMessages };
    for (const fault of messageFaults(setting)) problems.push(`${at}/${fault.path} ${fault.problem}.`);
    if (key !== undefined) secrets.key = key;
    else if (needsKey(setting)) problems.push(`${at}/key is missing: a template asks for it.`);
    return { region, platform, setting, secrets };
  });
  if (problems.length) throw new SettingError(problems.slice(0, 10));
  return list;
}

/**
 * Puts the connectors of the file in force, and switches those off that it had before and has no longer: what waits for them stays.
 * @param counts whether this process counts a region. Of others another process may have another file.
 */
export async function applyConnectorsFile(
  store: ConnectorStore,
  list: readonly FileConnector[],
  counts: (region: string) => boolean,
  now: number,
): Promise<void> {
  const known = await store.all();
  for (const { region, platform, setting, secrets } of list) {
    const before = known.find((one) => one.region === region && one.platform === platform);
    const secretsBefore = secrets && (await store.secrets(region, platform));
    if (secrets) await store.putSecrets(region, platform, secrets);
    const isAsBefore =
      before?.fixed === true &&
      before.off === undefined &&
      secretsBefore?.current === secrets?.current &&
      secretsBefore?.key === secrets?.key &&
      JSON.stringify(before.setting) === JSON.stringify(setting);
    const mendedAt = isAsBefore ? before.mendedAt : now;
    const since = before?.since ?? now;
    const by = 'CONNECTORS_FILE';
    await store.set({
      region,
      platform,
      setting,
      since,
      by,
      ...(mendedAt === undefined ? {} : { mendedAt }),
      fixed: true,
    });
  }
  for (const connector of known) {
    const { region, platform, fixed } = connector;
    if (fixed && counts(region) && !list.some((one) => one.region === region && one.platform === platform))
      await store.letGo(connector);
  }
}
