import { appendFileSync } from 'node:fs'
import { registerHooks } from 'node:module'

/* Loaded before a server with `--import`: writes the address of every module that it loads to a file. */
const list = process.env['POSTERN_LIST_MODULES']
if (list !== undefined)
  registerHooks({
    load(url, context, next) {
      appendFileSync(list, `${url}\n`)
      return next(url, context)
    },
  })
