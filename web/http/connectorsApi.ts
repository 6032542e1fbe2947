import type { Connector, ConnectorGiven, Connectors, ConnectorSet, ConnectorTest } from '../../contract/connectors.ts';
import { OURS } from './accessApi.ts';
import { read, request } from './client.ts';

/** The connectors to outside platforms (contract §10). */

const ROOT = '/api/v1/connectors';
const at = (region: string, platform: string, more = '') =>
  `${ROOT}/${encodeURIComponent(platform)}${more}?region=${region}`;

export const connectorsApi = {
  list: async (region: string) => (await read<Connectors>(`${ROOT}?region=${region}`)).items,
  set: (region: string, platform: string, body: ConnectorGiven) =>
    request<ConnectorSet>(at(region, platform), { method: 'PUT', body, headers: OURS }),
  remove: (region: string, platform: string) =>
    request<Connector>(at(region, platform), { method: 'DELETE', headers: OURS }),
  newSecret: (region: string, platform: string) =>
    request<ConnectorSet>(at(region, platform, '/secret'), { method: 'POST', headers: OURS }),
  /** @param to of messages: the number that it goes to */
  test: (region: string, platform: string, to?: string) =>
    request<ConnectorTest>(at(region, platform, '/test'), {
      method: 'POST',
      headers: OURS,
      ...(to === undefined ? {} : { body: { to } }),
    }),
  resend: (region: string, platform: string) =>
    request<{ resent: number }>(at(region, platform, '/resend'), { method: 'POST', body: {}, headers: OURS }),
};
