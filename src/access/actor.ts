/** Who asks. Until access control exists there is one actor, and the server listens on the loopback interface only. */
export interface Actor {
  readonly id: string;
  readonly purpose: 'TREATMENT' | 'RESEARCH' | 'EMERGENCY';
}

export const DEMO_ACTOR: Actor = { id: 'loopback-demo', purpose: 'TREATMENT' };
