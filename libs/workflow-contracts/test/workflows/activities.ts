/** What the test workflows call; each test file implements it and looks at what was called. */
export interface TestActivities {
  /** Does something and remembers it. */
  act(name: string): Promise<void>;
  /** Remembers the call, then fails with an ApplicationFailure of this type. */
  actAndFail(name: string, type: string): Promise<void>;
  /** Remembers its start and its end, with some time between. */
  actSlowly(name: string): Promise<void>;
  /** Heartbeats until it is cancelled. */
  actUntilCancelled(name: string): Promise<void>;
}
