//! The compiled module `mlmath_rs._core`: a table of contents.

mod array;
mod condition;
mod error;
mod expression;
mod info;
mod information;
mod linalg;
mod optimize;
mod options;
mod probability;
mod products;
mod program;
mod random;
mod special;
mod stats;
mod symbolic;
mod tables;
mod threads;
mod traced;

#[pyo3::pymodule(gil_used = false)]
mod _core {
    #[pymodule_export]
    use crate::condition::Condition;
    #[pymodule_export]
    use crate::expression::{Expression, Float, Integer, Rational, Symbol};
    #[pymodule_export]
    use crate::info::info;
    #[pymodule_export]
    use crate::information::{
        information_of_rows, information_of_vectors, mutual_information_of_labels,
        mutual_information_of_table,
    };
    #[pymodule_export]
    use crate::linalg::components::{
        components_of_pairs, components_with_gaps, expected_values, log_likelihood_of_components,
        merged_components, most_probable_rank, principal_components, randomized_components,
        scores_of_components, spectral_sum,
    };
    #[pymodule_export]
    use crate::linalg::diagnosis::diagnosis;
    #[pymodule_export]
    use crate::linalg::factors::{cholesky_factor, lu, lu_factor, qr_factors, slogdet};
    #[pymodule_export]
    use crate::linalg::functions::{expm, principal_function, schur_form_of, schur_reordered};
    #[pymodule_export]
    use crate::linalg::norms::{matrix_norm, norm, vector_norm};
    #[pymodule_export]
    use crate::linalg::singular::{basis, cond, least_squares, matrix_rank, pinv, polar, singular_values};
    #[pymodule_export]
    use crate::linalg::spectra::{
        eig_general, eigh_symmetric, eigvals, eigvalsh_symmetric, power_iteration_of,
    };
    #[pymodule_export]
    use crate::linalg::systems::{det, inv, solve_system};
    #[pymodule_export]
    use crate::linalg::triangles::{cho_solve, lu_solve, solve_triangular};
    #[pymodule_export]
    use crate::linalg::vectors::{
        cross_product, inner_products, kron_product, multiple_plus, normalize_vectors, orthonormal_columns,
        outer, transpose_copy, vdot, vecdot,
    };
    #[pymodule_export]
    use crate::optimize::functions::{rosen, rosen_der, rosen_hess, rosen_hess_prod};
    #[pymodule_export]
    use crate::optimize::minimize;
    #[pymodule_export]
    use crate::optimize::roots::newton;
    #[pymodule_export]
    use crate::probability::{
        check_parameters, distribution, distribution_each, families, fit_distribution, kl_of_distributions,
        summary_of_distributions,
    };
    #[pymodule_export]
    use crate::products::{dot, matmul, matrix_trace};
    #[pymodule_export]
    use crate::program::{Call, Program, derivatives_by_differences, program_from_listing, trace};
    #[pymodule_export]
    use crate::random::{
        numpy_normal, numpy_random, stream_bernoulli, stream_exponential, stream_integers, stream_normal,
        stream_permutation, stream_random, stream_uniform,
    };
    #[pymodule_export]
    use crate::stats::{
        along, along_where, extremes, histogram, mean, median, order_statistics, var, weighted_histogram,
    };
    #[pymodule_export]
    use crate::symbolic::{
        antiderivative, call_function, combine, compare, compile_expressions, constant, definite_integral,
        differentiate, evaluate, expand, expression, float_number, from_nodes, function_of_ufunc, has, latex,
        nodes, number_text, piecewise, simplify, substitute, symbol,
    };
    #[pymodule_export]
    use crate::tables::{
        bayes, bayes_of_events, bayes_update, conditional_table, joint_table, marginal_of_table,
        total_probability,
    };
    #[pymodule_export]
    use crate::threads::{get_thread_limit, set_thread_limit, wait};
    #[pymodule_export]
    use crate::traced::Traced;

    #[pymodule_init]
    fn init(module: &pyo3::Bound<'_, pyo3::types::PyModule>) -> pyo3::PyResult<()> {
        crate::special::export(module)?;
        crate::info::read_environment()
    }
}
