import { UserError } from '../domain/errors.ts'
import type { Guide } from '../domain/guide.ts'
import { type Given, readAnswers } from '../schema/answers.ts'
import { readText } from './atomic-file.ts'
import { allInput } from './stdin.ts'

/**
 * The answers of a file, or those that come through the pipe if it is `-`.
 * @throws UserError (exit 2) with everything that is wrong with them.
 */
export async function readAnswersFile(path: string, guide: Guide): Promise<Given> {
  if (path === '-') {
    const text = await allInput(
      'the answers',
      'pl-stories start --answers answers.yaml, or cat answers.yaml | pl-stories start --answers -',
    )
    return readAnswers({ name: 'standard input', text }, guide)
  }
  if (path === '') throw new UserError('--answers names a file, such as --answers answers.yaml.')
  const text = await readText(path)
  if (text === undefined) throw new UserError(`There is no answers file at ${path}.`)
  return readAnswers({ name: path, text }, guide)
}
