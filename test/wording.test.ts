import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ROOT } from './support/helpers.ts'

/* What people and programmers read is plain American English. These are the words of its worst relapses. */

const WORST: [pattern: RegExp, better: string][] = [
  [/\bmend(?:s|ed|ing)?\b/i, 'fix'],
  [/\bnought\b/i, '0'],
  [/" is no (?:\w+)/, 'there is no command "x"; "x" is not a part of …'],
  [/\bwhat shall\b|\bshall become\b/i, 'keep or erase it?'],
  [/\bstands? (?:here|there|twice|under no)\b/i, 'is already there, is used twice'],
  [/\banew\b/i, 'again, over'],
  [/\b(?:told|tells) of\b/i, 'reported, reports'],
  [/\bto the byte\b/i, 'identical'],
  [/\btakes nothing more\b|\bis too much:/i, 'too many words'],
  [/\bin disorder\b/i, 'damaged'],
  [/\bhad better\b/i, 'should'],
  [/\bno more asked\b/i, 'no longer asked'],
  [/\bexclude each other\b/i, 'use one, not both'],
  [/\bhas no end before\b/i, 'its end mark is missing'],
  [/\bstands still\b|\blets? it go on\b/i, 'is paused, resumes'],
  [/\bnobody was (?:asked|here)\b/i, 'no questions were asked, the program was closed'],
  [/\bcalled by\b/i, 'named by'],
  [/\ba map of this\b/i, 'YAML reads this as a field'],
  [/\bkeeps a line\b|\bsorts it\b/i, 'saves a jot, files it'],
  [/\btakes back\b|\btaken back\b/i, 'deletes, removes'],
  [/\bgoes on where you stopped\b/i, 'pick up where you left off'],
  [/\bleft out here\b|\bleaves it out\.?'/i, 'not included, to turn it off'],
  [/\bmeaning of its own\b/i, 'is reserved, has a special meaning'],
  [/\bcan(?:not|'t) be told\b/i, "can't be read, is not known"],
  [/\bas it was is kept\b/i, 'the original is kept'],
  [/\bfor you to see\b|\btaken off again\b/i, 'for reference, removed'],
  [/\bloses? nothing\b/i, 'keeps everything'],
  [/\bleads? to each other\b/i, 'form a loop'],
  [/\bthose whom\b|\bwhosoever\b|\bwhat a text is worth\b/i, 'a plain noun'],
]

function textsIn(path: string): string[] {
  if (!statSync(path).isDirectory()) return /\.(?:ts|md|ya?ml|json)$/.test(path) ? [path] : []
  return readdirSync(path).flatMap(name => textsIn(join(path, name)))
}

test('what anybody reads is plain American English, in the source, the guide and the README', () => {
  const found = ['src', 'guide', 'README.md'].flatMap(name =>
    textsIn(join(ROOT, name)).flatMap(path =>
      readFileSync(path, 'utf8')
        .split('\n')
        .flatMap((line, i) =>
          WORST.filter(([pattern]) => pattern.test(line)).map(
            ([pattern, better]) => `${path}:${i + 1}: ${pattern.exec(line)?.[0]} (better: ${better})`,
          ),
        ),
    ),
  )
  expect(found).toEqual([])
})
