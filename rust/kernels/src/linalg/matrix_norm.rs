//! Norms of matrices, and which norm a call of NumPy's `norm` asks for.

use super::norm::{Normed, Order, norm_along};
use super::svd::{self, Driver, Options, Side};
use crate::scalar::Scalar;
use crate::{Control, Error};
use ndarray::{ArrayViewD, IxDyn};

/// What is named as the order of a norm.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Name<'a> {
    /// Nothing: the 2-norm of vectors and of all elements.
    None,
    /// A number.
    Number(f64),
    /// A word.
    Word(&'a str),
}

/// Which norm of a matrix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MatrixOrder {
    /// The root of the sum of all squares.
    Frobenius,
    /// The largest, or smallest, sum of magnitudes down a column.
    OfColumns {
        /// Whether the largest is meant.
        largest: bool,
    },
    /// The largest, or smallest, sum of magnitudes along a row.
    OfRows {
        /// Whether the largest is meant.
        largest: bool,
    },
    /// The largest, or smallest, singular value.
    Spectral {
        /// Whether the largest is meant.
        largest: bool,
    },
    /// The sum of the singular values.
    Nuclear,
}

/// A norm and the axes it is taken over.
#[derive(Clone, Debug, PartialEq)]
pub enum Question {
    /// Of all elements, as of one vector.
    All(Order),
    /// Of vectors that lie over these axes.
    Vectors(Order, Vec<usize>),
    /// Of matrices whose rows and columns are numbered by these axes.
    Matrices(MatrixOrder, [usize; 2]),
}

impl Question {
    /// What NumPy's `norm` asks of an array of `rank` dimensions.
    ///
    /// # Errors
    ///
    /// [`Error::Value`] for an order that vectors, or matrices, do not have and for a number of
    /// axes that has no norm; [`Error::Axis`] for an axis that does not exist.
    pub fn of_norm(rank: usize, name: Name<'_>, axes: Option<&[isize]>) -> Result<Self, Error> {
        let axes = match axes {
            None if name == Name::None => return Ok(Self::All(Order::Two)),
            None => (0..rank).collect(),
            Some(axes) => places(rank, axes)?,
        };
        match axes[..] {
            [axis] => Ok(Self::Vectors(vector_order(name)?, vec![axis])),
            [rows, columns] => Ok(Self::Matrices(matrix_order(name)?, [rows, columns])),
            _ => Err(Error::Value {
                argument: "x",
                message: format!(
                    "Improper number of dimensions to norm: expected one or two axes, got {}",
                    axes.len()
                ),
            }),
        }
    }

    /// What NumPy's `vector_norm` asks.
    ///
    /// # Errors
    ///
    /// As [`of_norm`](Self::of_norm).
    pub fn of_vector_norm(rank: usize, name: Name<'_>, axes: Option<&[isize]>) -> Result<Self, Error> {
        let order = vector_order(name)?;
        Ok(match axes {
            None => Self::All(order),
            Some(axes) => Self::Vectors(order, places(rank, axes)?),
        })
    }

    /// What NumPy's `matrix_norm` asks.
    ///
    /// # Errors
    ///
    /// As [`of_norm`](Self::of_norm); [`Error::Value`] for fewer than two dimensions.
    pub fn of_matrix_norm(rank: usize, name: Name<'_>) -> Result<Self, Error> {
        if rank < 2 {
            let message = format!("expected at least two dimensions, got {rank}");
            return Err(Error::Value { argument: "x", message });
        }
        Ok(Self::Matrices(matrix_order(name)?, [rank - 2, rank - 1]))
    }

    /// The shape of the answer for an array of this shape.
    pub fn shape(&self, shape: &[usize], keepdims: bool) -> Vec<usize> {
        let reduced = |axis: usize| match self {
            Self::All(_) => true,
            Self::Vectors(_, axes) => axes.contains(&axis),
            Self::Matrices(_, axes) => axes.contains(&axis),
        };
        let lengths = shape.iter().enumerate();
        if keepdims {
            lengths.map(|(axis, &length)| if reduced(axis) { 1 } else { length }).collect()
        } else {
            lengths.filter(|&(axis, _)| !reduced(axis)).map(|(_, &length)| length).collect()
        }
    }

    /// About how many nanoseconds the answer takes for an array of this shape.
    pub fn cost(&self, shape: &[usize]) -> usize {
        let length = shape.iter().product::<usize>();
        match *self {
            Self::All(order) | Self::Vectors(order, _) => order.cost(length),
            Self::Matrices(MatrixOrder::Spectral { .. } | MatrixOrder::Nuclear, [rows, columns]) => {
                length.saturating_mul(4 * shape[rows].min(shape[columns]) + 50)
            }
            Self::Matrices(..) => length / 2,
        }
    }

    /// The answer, written to `out` in C order of the axes that are left.
    ///
    /// # Errors
    ///
    /// [`Error::Empty`] for the smallest of nothing; [`Error::Stopped`].
    pub fn answer<T: Normed>(
        &self,
        a: ArrayViewD<'_, T>,
        out: &mut [T::Real],
        control: &Control,
    ) -> Result<(), Error>
    where
        T::Real: Normed,
    {
        match *self {
            Self::All(order) => {
                let axes: Vec<usize> = (0..a.ndim()).collect();
                norm_along(a, &axes, order, out, control)
            }
            Self::Vectors(order, ref axes) => norm_along(a, axes, order, out, control),
            Self::Matrices(order, axes) => matrix_norm(a, order, axes, out, control),
        }
    }
}

/// An axis, counted from the end where negative, as an index.
///
/// # Errors
///
/// [`Error::Axis`] if there is none.
pub fn place(rank: usize, axis: isize) -> Result<usize, Error> {
    let place = if axis < 0 { axis.checked_add_unsigned(rank) } else { Some(axis) };
    let place = place.and_then(|place| usize::try_from(place).ok());
    place.filter(|&place| place < rank).ok_or(Error::Axis { axis, rank })
}

/// Axes, as indices.
fn places(rank: usize, axes: &[isize]) -> Result<Vec<usize>, Error> {
    let mut found = Vec::with_capacity(axes.len());
    for &axis in axes {
        let place = place(rank, axis)?;
        if found.contains(&place) {
            let message = format!("Duplicate axes given: axis {axis} twice");
            return Err(Error::Value { argument: "axis", message });
        }
        found.push(place);
    }
    Ok(found)
}

fn vector_order(name: Name<'_>) -> Result<Order, Error> {
    match name {
        Name::None => Ok(Order::Two),
        Name::Number(p) => Ok(Order::of(p)),
        Name::Word(word) => Err(Error::Value {
            argument: "ord",
            message: format!("Invalid norm order '{word}' for vectors: expected a number"),
        }),
    }
}

fn matrix_order(name: Name<'_>) -> Result<MatrixOrder, Error> {
    match name {
        Name::None | Name::Word("fro" | "f") => Ok(MatrixOrder::Frobenius),
        Name::Number(1.0) => Ok(MatrixOrder::OfColumns { largest: true }),
        Name::Number(-1.0) => Ok(MatrixOrder::OfColumns { largest: false }),
        Name::Number(f64::INFINITY) => Ok(MatrixOrder::OfRows { largest: true }),
        Name::Number(f64::NEG_INFINITY) => Ok(MatrixOrder::OfRows { largest: false }),
        Name::Number(2.0) => Ok(MatrixOrder::Spectral { largest: true }),
        Name::Number(-2.0) => Ok(MatrixOrder::Spectral { largest: false }),
        Name::Word("nuc") => Ok(MatrixOrder::Nuclear),
        Name::Number(p) => Err(invalid(&p.to_string())),
        Name::Word(word) => Err(invalid(&format!("'{word}'"))),
    }
}

fn invalid(got: &str) -> Error {
    let message = format!(
        "Invalid norm order for matrices: expected 'fro', 'nuc', 1, -1, 2, -2, inf or -inf, got {got}"
    );
    Error::Value { argument: "ord", message }
}

/// The norms of the matrices over two axes, written to `out`.
fn matrix_norm<T: Normed>(
    a: ArrayViewD<'_, T>,
    order: MatrixOrder,
    [rows, columns]: [usize; 2],
    out: &mut [T::Real],
    control: &Control,
) -> Result<(), Error>
where
    T::Real: Normed,
{
    let (summed, left, largest) = match order {
        MatrixOrder::Frobenius => return norm_along(a, &[rows, columns], Order::Two, out, control),
        MatrixOrder::Spectral { .. } | MatrixOrder::Nuclear => {
            return of_singular_values(a, order, [rows, columns], out, control);
        }
        MatrixOrder::OfColumns { largest } => (rows, columns, largest),
        MatrixOrder::OfRows { largest } => (columns, rows, largest),
    };
    let mut shape = a.shape().to_vec();
    shape.remove(summed);
    let mut sums = vec![T::Real::ZERO; shape.iter().product()];
    norm_along(a, &[summed], Order::One, &mut sums, control)?;
    let expected = || format!("{} sums", sums.len());
    let misfit = |_| Error::Shape { argument: "x", expected: expected(), got: shape.clone() };
    let sums = ArrayViewD::from_shape(IxDyn(&shape), &sums).map_err(misfit)?;
    let order = if largest { Order::Infinity } else { Order::NegativeInfinity };
    norm_along(sums, &[left - usize::from(left > summed)], order, out, control)
}

/// The norms that are made of singular values.
fn of_singular_values<T: Normed>(
    a: ArrayViewD<'_, T>,
    order: MatrixOrder,
    [rows, columns]: [usize; 2],
    out: &mut [T::Real],
    control: &Control,
) -> Result<(), Error> {
    let short = a.shape()[rows].min(a.shape()[columns]);
    let smallest = order == MatrixOrder::Spectral { largest: false };
    if out.is_empty() || short == 0 {
        out.fill(T::Real::ZERO);
        return if out.is_empty() || !smallest { Ok(()) } else { Err(Error::Empty { argument: "x" }) };
    }
    let stack = (0..a.ndim()).filter(|axis| ![rows, columns].contains(axis));
    let axes: Vec<usize> = stack.chain([rows, columns]).collect();
    let options = Options { driver: Driver::Auto, side: Side::None, hermitian: false, rule: false };
    let mut values = vec![T::Real::ZERO; out.len() * short];
    let parts: (&mut [T], _, &mut [T]) = (&mut [], values.as_mut_slice(), &mut []);
    svd::svd(a.permuted_axes(IxDyn(&axes)), options, parts, control)?;
    for (out, values) in out.iter_mut().zip(values.chunks_exact(short)) {
        *out = match order {
            MatrixOrder::Nuclear => values.iter().copied().sum(),
            _ if smallest => values[short - 1],
            _ => values[0],
        };
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scalar::Real;
    use ndarray::{ArrayD, Axis};

    fn ask(a: &ArrayD<f64>, question: &Question) -> ArrayD<f64> {
        let shape = question.shape(a.shape(), false);
        let mut out = ArrayD::from_elem(shape, f64::NAN);
        question.answer(a.view(), out.as_slice_mut().unwrap(), &Control::default()).unwrap();
        out
    }

    #[test]
    fn sums_of_rows_and_columns_match_the_definition_for_every_pair_of_axes() {
        let a = ArrayD::from_shape_fn(IxDyn(&[3, 4, 5]), |i| (i[0] * 20 + i[1] * 5 + i[2]) as f64 - 30.0);
        for (rows, columns) in [(0, 1), (1, 0), (0, 2), (2, 0), (1, 2), (2, 1)] {
            let column_sums = a.map(|x| x.abs()).sum_axis(Axis(rows));
            let left = columns - usize::from(columns > rows);
            let expected = column_sums.fold_axis(Axis(left), 0.0_f64, |m, &x| m.max(x));
            let axes = [rows as isize, columns as isize];
            let question = Question::of_norm(3, Name::Number(1.0), Some(&axes)).unwrap();
            assert_eq!(ask(&a, &question), expected);
            let turned = [axes[1], axes[0]];
            let question = Question::of_norm(3, Name::Number(f64::INFINITY), Some(&turned)).unwrap();
            assert_eq!(ask(&a, &question), expected);
            let least = column_sums.fold_axis(Axis(left), f64::MAX, |m, &x| m.min(x));
            let question = Question::of_norm(3, Name::Number(-1.0), Some(&axes)).unwrap();
            assert_eq!(ask(&a, &question), least);
            let question = Question::of_norm(3, Name::Word("fro"), Some(&axes)).unwrap();
            let squares = a.map(|x| x * x).sum_axis(Axis(rows)).sum_axis(Axis(left));
            let error = (ask(&a, &question) - squares.map(|x| Real::sqrt(*x))).map(|x| x.abs()).sum();
            assert!(error < 1e-12);
        }
    }

    #[test]
    fn norms_of_singular_values_are_those_of_a_scaled_rotation_on_any_axes() {
        let (c, s) = (0.6, 0.8);
        let turned = [[2.0 * c, -3.0 * s], [2.0 * s, 3.0 * c]];
        let a = ArrayD::from_shape_fn(IxDyn(&[2, 3, 2]), |i| turned[i[0]][i[2]] * (i[1] + 1) as f64);
        for (name, expected) in
            [(Name::Number(2.0), 3.0), (Name::Number(-2.0), 2.0), (Name::Word("nuc"), 5.0)]
        {
            for axes in [[0, 2], [2, 0]] {
                let question = Question::of_norm(3, name, Some(&axes)).unwrap();
                for (index, &got) in ask(&a, &question).iter().enumerate() {
                    assert!((got - expected * (index + 1) as f64).abs() < 1e-14);
                }
            }
        }
        let nothing = ArrayD::zeros(IxDyn(&[0, 3]));
        assert_eq!(ask(&nothing, &Question::of_norm(2, Name::Number(2.0), None).unwrap())[[]], 0.0);
    }

    #[test]
    fn orders_and_axes_without_a_norm_are_refused() {
        let of = |rank, name, axes: Option<&[isize]>| Question::of_norm(rank, name, axes).unwrap_err();
        assert_eq!(of(2, Name::None, Some(&[2])), Error::Axis { axis: 2, rank: 2 });
        for (rank, name, axes, argument) in [
            (1, Name::Word("fro"), None, "ord"),
            (2, Name::Word("nonsense"), None, "ord"),
            (2, Name::Number(3.0), None, "ord"),
            (3, Name::Number(1.0), None, "x"),
            (2, Name::None, Some(&[0, -2][..]), "axis"),
        ] {
            let error = of(rank, name, axes);
            assert!(matches!(error, Error::Value { argument: named, .. } if named == argument), "{error}");
        }
        assert!(Question::of_matrix_norm(1, Name::None).is_err());
    }
}
