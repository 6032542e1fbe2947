import type { KeptObservation } from './subject.ts';

/** Without the employer's name, where the registration says it already. @param name of the registration */
export function withoutName(observation: KeptObservation, name: string | undefined): KeptObservation {
  const { more } = observation;
  if (!more || more.name === undefined || more.name !== name) return observation;
  const rest = { ...more };
  delete rest.name;
  return { ...observation, more: Object.values(rest).some((value) => value !== undefined) ? rest : undefined };
}
