/** How a session ends from outside: at a signal what is being written is kept, and everybody is told to leave. */
export function sessionEnd() {
  const flushes: (() => void)[] = []
  const flush = () => flushes.forEach(act => void act())
  const leaving = new AbortController()
  let exitCode: number | undefined
  let editing = false
  const stop = (code: number) => {
    exitCode ??= code
    flush()
    leaving.abort()
  }
  const signals = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const
  const handlers = Object.entries(signals).map(([signal, code]) => {
    const handler = () => {
      // Ctrl+C in an editor is the editor's.
      if (signal !== 'SIGINT' || !editing) stop(code)
    }
    // Not `once`: Inquirer ends the process at a signal that nobody else listens to.
    process.on(signal, handler)
    return () => process.off(signal, handler)
  })
  return {
    leaving: leaving.signal,
    stop,
    /** What is to be written before anybody is told to leave, or after a failure. */
    keeping: (act: () => void) => void flushes.push(act),
    flush,
    exitCode: () => exitCode,
    /** While somebody is in an editor, Ctrl+C is none of ours. */
    async inEditor<T>(edit: () => Promise<T>): Promise<T> {
      editing = true
      return edit().finally(() => {
        editing = false
      })
    },
    end: () => handlers.forEach(off => void off()),
  }
}

export type SessionEnd = ReturnType<typeof sessionEnd>
