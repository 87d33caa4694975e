/**
 * Lets those who come while others are filed wait for each other: whoever comes to an idle door is filed at
 * once, and under load they go together. One group at a time. When a group fails, each is filed alone: no
 * mail fails for the sake of another.
 */
export function gathering<One, Done>({
  most,
  together,
  alone,
}: {
  /** So many in a group. */
  readonly most: number
  readonly together: (some: readonly One[]) => Promise<Done>
  readonly alone: (one: One) => Promise<Done>
}): (one: One) => Promise<Done> {
  type Waiting = PromiseWithResolvers<Done> & { readonly one: One }
  let waiting: Waiting[] = []
  let running = false

  const fileGroup = async (group: readonly Waiting[]): Promise<void> => {
    try {
      const done = await together(group.map(({ one }) => one))
      for (const { resolve } of group) resolve(done)
    } catch {
      // Each hears its own reason.
      for (const { one, resolve } of group) resolve(alone(one))
      await Promise.allSettled(group.map(({ promise }) => promise))
    }
  }
  const run = async (): Promise<void> => {
    running = true
    while (waiting.length > 0) {
      const group = waiting.slice(0, most)
      waiting = waiting.slice(most)
      await fileGroup(group)
    }
    running = false
  }
  return (one) => {
    const place = { one, ...Promise.withResolvers<Done>() }
    waiting.push(place)
    if (!running) void run()
    return place.promise
  }
}
