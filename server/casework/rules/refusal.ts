/** Why an action is not done: 403 for who asks, 422 for what is asked. */
export interface Refusal {
  status: 403 | 422;
  /** Name of the rule that forbids it. */
  rule:
    | 'role'
    | 'unit'
    | 'stage'
    | 'extension'
    | 'own-work'
    | 'unknown-unit'
    | 'unit-platform'
    | 'unit-town'
    | 'unknown-person'
    | 'person'
    | 'outcome'
    | 'past'
    | 'what-is-missing'
    | 'nothing-amended'
    | 'where-to'
    | 'town'
    | 'tier'
    | 'event'
    | 'attachment';
  /** A sentence. */
  detail: string;
  /** The field at fault. */
  parameter?: string;
}
