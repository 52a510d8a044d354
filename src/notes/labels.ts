/** A group among others: what it calls itself, if it does, and the path of its notes. */
export interface Named {
  name?: string
  path: string
}

/**
 * What to call each group: its own name, else that of its file. Where two would be called the same, the file's name
 * is added, and as many of its folders as tell them apart.
 */
export function labelsOf(groups: readonly Named[]): string[] {
  const depth = groups.map(() => 0)
  for (;;) {
    const labels = groups.map((group, i) => label(group, depth[i] ?? 0))
    const times = new Map<string, number>()
    for (const one of labels) times.set(one, (times.get(one) ?? 0) + 1)
    let deeper = false
    for (const [i, group] of groups.entries()) {
      const now = depth[i] ?? 0
      if ((times.get(labels[i] ?? '') ?? 0) < 2 || label(group, now + 1) === labels[i]) continue
      depth[i] = now + 1
      deeper = true
    }
    if (!deeper) return labels
  }
}

function label({ name, path }: Named, depth: number): string {
  const parts = path.replace(/\.md$/i, '').split(/[\\/]/)
  const tail = (length: number) => parts.slice(-length).join('/')
  if (name === undefined) return tail(depth + 1)
  return depth === 0 ? name : `${name} (${tail(depth)})`
}
