//! NumPy's arrays as the kernels see them: the only file that touches NumPy's memory.
//!
//! A call first asks each argument "an exact ndarray, of an element type and a rank I have a
//! kernel for, aligned, in native order?" That is a few pointer reads, and then the kernel
//! runs on NumPy's own memory. Only where the answer is no does the face's `_array.py`
//! coerce, once, and the question is asked again.

use ndarray::{ArrayView, ArrayViewMut, Dimension, IxDyn, ShapeBuilder, StrideShape};
use num_complex::Complex;
use numpy::npyffi::{self, NPY_TYPES, PY_ARRAY_API, PyArrayObject, flags};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyList, PyTuple};
use pyo3::{ffi, intern, prelude::*};
use std::ffi::{c_char, c_long};

/// An element type that crosses the border.
pub trait Element: mlmath::scalar::Scalar {
    /// NumPy's number for it.
    const TYPE: NPY_TYPES;
    /// NumPy's second number for the same bits (`long` and `long long`), or the same again.
    const ALSO: NPY_TYPES;
}

macro_rules! elements {
    ($($T:ty => $TYPE:expr, $ALSO:expr;)+) => {
        $(impl Element for $T {
            const TYPE: NPY_TYPES = $TYPE;
            const ALSO: NPY_TYPES = $ALSO;
        })+
        /// NumPy's name of each.
        pub const NAMES: &[&str] = &[$(<$T as mlmath::scalar::Scalar>::NAME),+];
    };
}

const LONG_IS_64: bool = size_of::<c_long>() == 8;
const fn either(yes: NPY_TYPES, no: NPY_TYPES) -> NPY_TYPES {
    if LONG_IS_64 { yes } else { no }
}

elements! {
    bool => NPY_TYPES::NPY_BOOL, NPY_TYPES::NPY_BOOL;
    i8 => NPY_TYPES::NPY_BYTE, NPY_TYPES::NPY_BYTE;
    i16 => NPY_TYPES::NPY_SHORT, NPY_TYPES::NPY_SHORT;
    i32 => NPY_TYPES::NPY_INT, either(NPY_TYPES::NPY_INT, NPY_TYPES::NPY_LONG);
    i64 => either(NPY_TYPES::NPY_LONG, NPY_TYPES::NPY_LONGLONG), NPY_TYPES::NPY_LONGLONG;
    u8 => NPY_TYPES::NPY_UBYTE, NPY_TYPES::NPY_UBYTE;
    u16 => NPY_TYPES::NPY_USHORT, NPY_TYPES::NPY_USHORT;
    u32 => NPY_TYPES::NPY_UINT, either(NPY_TYPES::NPY_UINT, NPY_TYPES::NPY_ULONG);
    u64 => either(NPY_TYPES::NPY_ULONG, NPY_TYPES::NPY_ULONGLONG), NPY_TYPES::NPY_ULONGLONG;
    f32 => NPY_TYPES::NPY_FLOAT, NPY_TYPES::NPY_FLOAT;
    f64 => NPY_TYPES::NPY_DOUBLE, NPY_TYPES::NPY_DOUBLE;
    Complex<f32> => NPY_TYPES::NPY_CFLOAT, NPY_TYPES::NPY_CFLOAT;
    Complex<f64> => NPY_TYPES::NPY_CDOUBLE, NPY_TYPES::NPY_CDOUBLE;
}

/// `object` as a view, if it needs no coercion for that.
#[inline]
pub fn view<'a, T: Element, D: Dimension>(object: &'a Bound<'_, PyAny>) -> Option<ArrayView<'a, T, D>> {
    let array = behaved::<T>(object, 0)?;
    // SAFETY: `behaved` saw a live ndarray of `T`, aligned and in native order, whose shape
    // and strides describe its own memory; `object` keeps it alive for 'a. That no one
    // writes to it meanwhile is the caller's duty, as with NumPy's own functions.
    unsafe { layout::<T, D>(array).map(|shape| ArrayView::from_shape_ptr(shape, array.fields.data.cast())) }
}

/// Shape and elements of an array in C order, if it needs no coercion: the shortest way for the
/// smallest arrays.
#[inline]
pub fn plain<'a, T: Element>(object: &'a Bound<'_, PyAny>) -> Option<(&'a [usize], &'a [T])> {
    let array = behaved::<T>(object, flags::NPY_ARRAY_C_CONTIGUOUS)?;
    let rank = usize::try_from(array.fields.nd).ok().filter(|&rank| rank > 0)?;
    // SAFETY: as `view`: `nd` lengths, none negative, and in C order their product of elements.
    unsafe {
        let shape: &[usize] = std::slice::from_raw_parts(array.fields.dimensions.cast(), rank);
        Some((shape, std::slice::from_raw_parts(array.fields.data.cast(), shape.iter().product())))
    }
}

/// As [`view`], for an array that the caller lets us write.
///
/// `inputs` are the arrays that the kernel reads: where one shares memory with `object` the
/// answer is `None`, and the face computes into a fresh array and copies.
pub fn view_mut<'a, T: Element, D: Dimension>(
    object: &'a Bound<'_, PyAny>,
    inputs: &[&Bound<'_, PyAny>],
) -> Option<ArrayViewMut<'a, T, D>> {
    let array = behaved::<T>(object, flags::NPY_ARRAY_WRITEABLE)?;
    let (start, end) = extent(array);
    for input in inputs {
        let (from, to) = extent(exact_ndarray(input)?);
        if from < end && start < to {
            return None;
        }
    }
    // SAFETY: as `view`; the flag says that it may be written, and no input lies in its extent.
    unsafe {
        layout::<T, D>(array).map(|shape| ArrayViewMut::from_shape_ptr(shape, array.fields.data.cast()))
    }
}

/// An uninitialised array of NumPy's own, for a kernel to fill.
pub fn new<'py, T: Element>(py: Python<'py>, shape: &[usize]) -> PyResult<Bound<'py, PyAny>> {
    const MOST: usize = 64; // NumPy's own limit of dimensions
    let mut lengths = [0_isize; MOST];
    let Some(filled) = lengths.get_mut(..shape.len()) else {
        return Err(PyValueError::new_err("too many dimensions"));
    };
    for (length, &wanted) in filled.iter_mut().zip(shape) {
        *length = isize::try_from(wanted)?;
    }
    // SAFETY: the arguments are as PyArray_New wants them: a type object, a rank, that many lengths.
    unsafe {
        let array = PY_ARRAY_API.PyArray_New(
            py,
            ndarray_type(py),
            shape.len() as _,
            lengths.as_mut_ptr().cast(),
            T::TYPE as _,
            std::ptr::null_mut(),
            std::ptr::null_mut(),
            0,
            0,
            std::ptr::null_mut(),
        );
        Bound::from_owned_ptr_or_err(py, array)
    }
}

/// A fresh array, and the view to fill it by.
///
/// The kernel must write every element: the memory holds what was there before.
pub fn fresh<'py, T: Element, R>(
    py: Python<'py>,
    shape: &[usize],
    fill: impl FnOnce(&mut [T]) -> PyResult<R>,
) -> PyResult<(Bound<'py, PyAny>, R)> {
    let array = new::<T>(py, shape)?;
    let length = shape.iter().product();
    // SAFETY: a fresh array of `length` elements in C order, known to no one else. Every bit
    // pattern is a `T`, except for `bool`, which is zeroed first.
    let data = unsafe {
        let object = &*array.as_ptr().cast::<PyArrayObject>();
        let data = object.fields.data.cast::<T>();
        if T::TYPE as i32 == NPY_TYPES::NPY_BOOL as i32 {
            data.write_bytes(0, length);
        }
        std::slice::from_raw_parts_mut(data, length)
    };
    let result = fill(data)?;
    Ok((array, result))
}

/// A fresh vector of `length` elements, filled from `values`.
pub fn filled<'py, T: Element>(
    py: Python<'py>,
    length: usize,
    values: impl Iterator<Item = T>,
) -> PyResult<Bound<'py, PyAny>> {
    let (array, ()) = fresh(py, &[length], |out: &mut [T]| {
        out.iter_mut().zip(values).for_each(|(x, value)| *x = value);
        Ok(())
    })?;
    Ok(array)
}

/// A fresh array of this shape, in C order a copy of `values`.
pub fn shaped<'py>(py: Python<'py>, shape: &[usize], values: &[f64]) -> PyResult<Bound<'py, PyAny>> {
    let (array, ()) = fresh(py, shape, |out: &mut [f64]| {
        out.iter_mut().zip(values).for_each(|(x, value)| *x = *value);
        Ok(())
    })?;
    Ok(array)
}

/// A fresh array of this shape, in C order a copy of `values`; a scalar where it has no dimensions.
pub fn copied<'py, T: Element>(
    py: Python<'py>,
    shape: &[usize],
    values: &[T],
) -> PyResult<Bound<'py, PyAny>> {
    let (array, ()) = fresh(py, shape, |out: &mut [T]| {
        out.copy_from_slice(values);
        Ok(())
    })?;
    unwrap_scalar(array, shape.is_empty())
}

/// As [`fresh`], but into the user's `out` where there is one.
///
/// The kernel writes into `out` itself if that is an array in C order, of the type and shape of
/// the result, and shares no memory with `inputs`; else the face copies, or refuses.
pub fn place<'py, T: Element, R>(
    py: Python<'py>,
    function: &str,
    out: Option<&Bound<'py, PyAny>>,
    inputs: &[&Bound<'py, PyAny>],
    shape: &[usize],
    fill: impl FnOnce(&mut [T]) -> PyResult<R>,
) -> PyResult<(Bound<'py, PyAny>, R)> {
    let Some(out) = out else { return fresh(py, shape, fill) };
    if let Some(mut view) = view_mut::<T, IxDyn>(out, inputs)
        && view.shape() == shape
        && let Some(data) = view.as_slice_mut()
    {
        let result = fill(data)?;
        return Ok((out.clone(), result));
    }
    let (array, result) = fresh(py, shape, fill)?;
    Ok((deliver(py, function, array, out)?, result))
}

/// The user's `out` with `result` copied into it, as NumPy's functions cast.
pub fn deliver<'py>(
    py: Python<'py>,
    function: &str,
    result: Bound<'py, PyAny>,
    out: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    let deliver = py.import(intern!(py, "mlmath_rs._array"))?.getattr(intern!(py, "deliver"))?;
    deliver.call1((function, result, out))
}

/// The result, where there is an `out` that itself: what an argument of another kind answered, or what
/// was cast, is copied into it.
pub fn settled<'py>(
    py: Python<'py>,
    function: &str,
    result: Bound<'py, PyAny>,
    out: Option<&Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    match out {
        Some(out) if !result.is(out) => deliver(py, function, result, out),
        _ => Ok(result),
    }
}

/// An array of no dimensions as the NumPy scalar that NumPy's functions return in its place.
pub fn unwrap_scalar(array: Bound<'_, PyAny>, wanted: bool) -> PyResult<Bound<'_, PyAny>> {
    if wanted { array.get_item(PyTuple::empty(array.py())) } else { Ok(array) }
}

/// `value` as the NumPy scalar that NumPy's functions return.
pub fn scalar<T: Element>(py: Python<'_>, mut value: T) -> PyResult<Bound<'_, PyAny>> {
    // SAFETY: the descriptor is of `T`, whose bytes are read from `value`; NumPy gives us a
    // reference to the descriptor, which we give back, and one to the scalar, which we keep.
    unsafe {
        let descr = PY_ARRAY_API.PyArray_DescrFromType(py, T::TYPE as _);
        let data = std::ptr::from_mut(&mut value).cast();
        let scalar = PY_ARRAY_API.PyArray_Scalar(py, data, descr, std::ptr::null_mut());
        ffi::Py_DECREF(descr.cast());
        Bound::from_owned_ptr_or_err(py, scalar)
    }
}

/// What the face made of arguments that the kernels cannot take as they are.
pub enum Coerced<'py, const N: usize> {
    /// Behaved arrays of one element type that the kernels have, and the dtype that the result
    /// is to be given where that is another (float16 is computed in float32).
    Arrays([Bound<'py, PyAny>; N], Option<Bound<'py, PyAny>>),
    /// An argument brought its own meaning of the function, and this is its answer.
    Answer(Bound<'py, PyAny>),
}

/// `arguments` of `function` as the face coerces them, to `kind`: see `_array.coerce`.
#[cold]
pub fn coerced<'py, const N: usize>(
    py: Python<'py>,
    function: &str,
    kind: &str,
    arguments: [&Bound<'py, PyAny>; N],
) -> PyResult<Coerced<'py, N>> {
    static COERCE: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let coerce = COERCE.import(py, "mlmath_rs._array", "coerce")?;
    let result = coerce.call1((function, kind, PyTuple::new(py, arguments)?))?;
    Ok(if result.is_instance_of::<PyList>() {
        Coerced::Arrays(result.extract()?, None)
    } else if let Ok((arrays, dtype)) = result.extract::<(Bound<'py, PyList>, Bound<'py, PyAny>)>() {
        Coerced::Arrays(arrays.extract()?, Some(dtype))
    } else {
        Coerced::Answer(result)
    })
}

/// `result` in `dtype`, where the face wants it so.
pub fn cast<'py>(
    result: Bound<'py, PyAny>,
    dtype: Option<&Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    match dtype {
        Some(dtype) if result.hasattr("astype")? => result.call_method1("astype", (dtype,)),
        _ => Ok(result),
    }
}

/// The arguments are arrays, but of a type or rank that `function` has no kernel for.
#[cold]
pub fn unsupported<const N: usize>(
    py: Python<'_>,
    function: &str,
    arguments: [&Bound<'_, PyAny>; N],
) -> PyErr {
    let found = arguments.map(|a| {
        let dtype =
            a.getattr(intern!(py, "dtype")).map_or_else(|_| a.get_type().to_string(), |d| d.to_string());
        let rank =
            a.getattr(intern!(py, "ndim")).map_or_else(|_| String::new(), |n| format!(" of {n} dimensions"));
        dtype + &rank
    });
    PyTypeError::new_err(format!("{function}: no kernel for arrays of {}", found.join(", ")))
}

/// NumPy's `ndarray` itself; a subclass may mean something else by its memory.
fn ndarray_type(py: Python<'_>) -> *mut ffi::PyTypeObject {
    // SAFETY: NumPy's table of types lives as long as the interpreter.
    unsafe { npyffi::get_type_object(py, npyffi::NpyTypes::PyArray_Type) }
}

#[inline]
fn exact_ndarray<'a>(object: &'a Bound<'_, PyAny>) -> Option<&'a PyArrayObject> {
    // SAFETY: where the type object is NumPy's ndarray itself, the object has its layout.
    unsafe {
        (ffi::Py_TYPE(object.as_ptr()) == ndarray_type(object.py()))
            .then(|| &*object.as_ptr().cast::<PyArrayObject>())
    }
}

#[inline]
fn behaved<'a, T: Element>(object: &'a Bound<'_, PyAny>, also: i32) -> Option<&'a PyArrayObject> {
    let wanted = flags::NPY_ARRAY_ALIGNED | also;
    let array = exact_ndarray(object)?;
    // SAFETY: a live ndarray has a live descriptor.
    let descr = unsafe { &*array.fields.descr };
    let (number, native) = (descr.fields.type_num, descr.fields.byteorder != b'>' as c_char);
    let right_type = number == T::TYPE as i32 || number == T::ALSO as i32;
    (right_type && native && array.fields.flags & wanted == wanted).then_some(array)
}

/// The addresses between which all elements of `array` lie, for strides of any sign.
fn extent(array: &PyArrayObject) -> (isize, isize) {
    let start = array.fields.data as isize;
    // SAFETY: a live ndarray has a live descriptor.
    let size = unsafe { npyffi::PyDataType_ELSIZE(Python::assume_attached(), array.fields.descr) };
    let (mut from, mut to) = (start, start + size);
    for axis in 0..array.fields.nd.max(0) as usize {
        // SAFETY: both have `nd` entries.
        let (length, stride) =
            unsafe { (*array.fields.dimensions.add(axis), *array.fields.strides.add(axis)) };
        if length == 0 {
            return (start, start);
        }
        let reach = (length - 1) * stride;
        if reach < 0 { from += reach } else { to += reach }
    }
    (from, to)
}

/// # Safety
/// `array` is an ndarray of `T`.
unsafe fn layout<T, D: Dimension>(array: &PyArrayObject) -> Option<StrideShape<D>> {
    let rank = usize::try_from(array.fields.nd).ok()?;
    if D::NDIM.is_some_and(|wanted| wanted != rank) {
        return None;
    }
    let (mut shape, mut strides) = (D::zeros(rank), D::zeros(rank));
    let mut empty = false;
    for axis in 0..rank {
        // SAFETY: both have `rank` entries.
        let (length, stride) =
            unsafe { (*array.fields.dimensions.add(axis), *array.fields.strides.add(axis)) };
        let size = size_of::<T>() as isize;
        if (stride < 0 && length > 1) || stride % size != 0 {
            return None; // the face makes a contiguous copy
        }
        empty |= length == 0;
        // NumPy leaves strides of axes of length one and of empty arrays undefined.
        (shape[axis], strides[axis]) =
            (length as usize, if length > 1 { (stride / size) as usize } else { 0 });
    }
    if empty {
        strides = D::zeros(rank);
    }
    Some(shape.strides(strides))
}

/// Tries `body` for each element type on the arguments as they are, then once more as the
/// face coerces them, then refuses.
///
/// `body` is compiled with `T` standing for the element type. It returns
/// `PyResult<Option<…>>`: `None` (by `?`-like [`fit!`]) says that the arguments do not fit.
#[macro_export]
macro_rules! dispatch {
    ($py:ident, $function:expr, $kind:literal, [$($T:ty)+], [$($array:ident),+], |$Type:ident| $body:block) => {{
        let attempt = |$($array: &pyo3::Bound<'py, pyo3::PyAny>),+| -> pyo3::PyResult<Option<_>> {
            $({
                type $Type = $T;
                let result: Option<_> = (|| -> pyo3::PyResult<Option<_>> { $body })()?;
                if result.is_some() { return Ok(result); }
            })+
            Ok(None)
        };
        if let Some(result) = attempt($($array),+)? { return Ok(result); }
        match $crate::array::coerced($py, $function, $kind, [$($array),+])? {
            $crate::array::Coerced::Answer(answer) => Ok(answer),
            $crate::array::Coerced::Arrays([$($array),+], dtype) => {
                if let Some(result) = attempt($(&$array),+)? {
                    return $crate::array::cast(result, dtype.as_ref());
                }
                Err($crate::array::unsupported($py, $function, [$(&$array),+]))
            }
        }
    }};
}

/// As [`dispatch!`], for the arguments as they are only: `None` where they do not fit, so that
/// the face takes its longer way.
#[macro_export]
macro_rules! as_they_are {
    ([$($T:ty)+], |$Type:ident| $body:block) => {{
        $({
            type $Type = $T;
            let result: Option<_> = (|| -> pyo3::PyResult<Option<_>> { $body })()?;
            if result.is_some() { return Ok(result); }
        })+
        Ok(None)
    }};
}

/// The value of an `Option`, or "these arguments do not fit" from within [`dispatch!`].
#[macro_export]
macro_rules! fit {
    ($option:expr) => {
        match $option {
            Some(value) => value,
            None => return Ok(None),
        }
    };
}
