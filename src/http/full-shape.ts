import * as z from 'zod'

type Shape = z.core.$ZodType

/*
 * The contract is written in the small half of zod, for it is sent to every browser. What makes the
 * document of the API reads only the large half. Both keep the same definitions, so each shape is made
 * again from its own. What this does not know, it refuses: the document would leave it out in silence.
 */

/** Makes shapes anew; a shape that is used twice stays one, so that the document names it once. */
export function fullShapes(): (shape: z.core.$ZodObject) => z.ZodObject {
  const made = new Map<Shape, z.ZodType>()
  const full = (shape: Shape): z.ZodType => {
    const known = made.get(shape)
    if (known !== undefined) return known
    const fresh = fullShape(shape, full)
    const said = z.globalRegistry.get(shape)
    const named = said === undefined ? fresh : fresh.meta(said)
    made.set(shape, named)
    return named
  }
  return (shape) => {
    const whole = full(shape)
    if (whole instanceof z.ZodObject) return whole
    throw new TypeError('An object became something else.')
  }
}

function fullShape(shape: Shape, full: (inner: Shape) => z.ZodType): z.ZodType {
  const {
    _zod: { def },
  } = shape as z.core.$ZodTypes
  switch (def.type) {
    case 'string':
      return new z.ZodString(def)
    case 'number':
      return isNumberFormat(def) ? new z.ZodNumberFormat(def) : new z.ZodNumber(def)
    case 'boolean':
      return new z.ZodBoolean(def)
    case 'literal':
      return new z.ZodLiteral(def)
    case 'enum':
      return new z.ZodEnum(def)
    case 'array':
      return new z.ZodArray({ ...def, element: full(def.element) })
    case 'object':
      return fullObject(def, full)
    case 'union':
      return new z.ZodUnion({ ...def, options: def.options.map(full) })
    case 'optional':
      return new z.ZodOptional({ ...def, innerType: full(def.innerType) })
    case 'prefault':
      return new z.ZodPrefault({ ...def, innerType: full(def.innerType) })
    default:
      throw new Error(`The document of the API has no words for ${def.type}.`)
  }
}

function fullObject(def: z.core.$ZodObjectDef, full: (inner: Shape) => z.ZodType): z.ZodType {
  const shape = Object.entries(def.shape).map(([name, inner]) => [name, full(inner)] as const)
  return new z.ZodObject({ ...def, shape: Object.fromEntries(shape) })
}

function isNumberFormat(def: z.core.$ZodNumberDef): def is z.core.$ZodNumberFormatDef {
  return 'format' in def
}
