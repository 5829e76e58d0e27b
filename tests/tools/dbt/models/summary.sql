SELECT count(*) AS n, sum(price) AS total FROM {{ ref('costly') }}
