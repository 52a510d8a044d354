import { open, unlink } from 'node:fs/promises'
import { UserError } from '../domain/errors.ts'
import { ioError } from '../storage/atomic-file.ts'

/**
 * Writes a file where none stands yet.
 * @throws UserError (exit 2) if something stands there, which is kept; (exit 3) if it cannot be written.
 */
export async function createFile(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx').catch(error => {
    if (error.code === 'EEXIST')
      throw new UserError(`${path} is there already and was kept. Name another file.`)
    throw ioError(error, `write ${path}`, 3)
  })
  try {
    await file.writeFile(text)
    await file.sync()
  } catch (error) {
    await unlink(path).catch(() => {})
    throw ioError(error, `write ${path}`, 3)
  } finally {
    await file.close()
  }
}
