/** Something the reconciler looks after at every tick. */
export interface Duty {
  readonly name: string;
  /**
   * Does what is due. Idempotent: a tick may run it twice, and two replicas at once.
   * @param tick id of the tick; a tick that is tried again keeps it
   * @returns how many things it had to do
   */
  run(tick: string): Promise<number>;
}
