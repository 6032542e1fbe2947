/** `AlertRef` of the contract, of which this folder knows nothing. */
interface Ref {
  region: string;
  alertId: string;
}

/** The key of an alert among those of several regions: `330110/YH-2026-0003446` (contract §4, `latest` of upper levels). */
export function alertKey({ region, alertId }: Ref): string {
  return `${region}/${alertId}`;
}

/** What `alertKey` made a key of; undefined if the text is no such key. */
export function parseAlertKey(key: string): Ref | undefined {
  return /^[0-9]{6}\/./s.test(key) ? { region: key.slice(0, 6), alertId: key.slice(7) } : undefined;
}
