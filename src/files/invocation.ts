import { dirname, join, resolve } from 'node:path'

type Environment = Readonly<Record<string, string | undefined>>

/**
 * A command that goes on with these notes, whatever folder it is typed in. Who came by `npm start` may not have
 * the program on their path and is told the npm form.
 */
export function goOnCommand(
  notesPath: string,
  guideOption?: string,
  env: Environment = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  const quote = (word: string) => quoted(word, platform)
  const guide =
    guideOption === undefined
      ? ''
      : ` --guide ${quote(/[\\/.]/.test(guideOption) ? resolve(guideOption) : guideOption)}`
  const underNpm =
    env.npm_lifecycle_event === 'start' && env.npm_package_name === 'pl-stories' && env.npm_package_json
  if (!underNpm) return `pl-stories --notes ${quote(notesPath)}${guide}`
  const home = dirname(underNpm)
  const usual = notesPath === join(home, 'equity-notes.md') && guide === ''
  return `npm start --prefix ${quote(home)}${usual ? '' : ` -- --notes ${quote(notesPath)}${guide}`}`
}

/** A word as a shell reads it back: most people copy the line. */
function quoted(word: string, platform: NodeJS.Platform): string {
  if (/^[\w@%+=:,./\\-]+$/.test(word) && (platform === 'win32' || !word.includes('\\'))) return word
  return platform === 'win32' ? `"${word}"` : `'${word.replaceAll("'", `'\\''`)}'`
}
