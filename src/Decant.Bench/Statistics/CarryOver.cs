namespace Decant.Bench;

/// <summary>Whether an arm's values depend on which arm ran before: what one leaves behind in caches, memory or heat, the next one meets.</summary>
/// <param name="P">
/// The part of exchanges of an arm's values among its trials that set their means by predecessor as far apart, from a seeded sample of them.
/// </param>
public sealed record CarryOver(double P)
{
    const int Exchanges = 9_999;

    /// <param name="values">All trials' in the order of the session; logarithms where arms differ much in size.</param>
    /// <param name="arms">The arm of each.</param>
    /// <returns>Null where every arm always followed the same one, so that nothing can be told.</returns>
    public static CarryOver? Of(ReadOnlySpan<double> values, ReadOnlySpan<int> arms, ulong seed = 0)
    {
        if (values.Length != arms.Length)
            throw new ArgumentException($"Each value has its arm: {values.Length} values cannot stand beside {arms.Length} arms.", nameof(arms));
        Dictionary<int, List<(int Before, double Value)>> trials = [];
        for (int i = 1; i < arms.Length; i++)
        {
            if (!trials.TryGetValue(arms[i], out List<(int Before, double Value)>? of))
                trials.Add(arms[i], of = []);
            of.Add((arms[i - 1], values[i]));
        }

        Group[] groups = [.. trials.OrderBy(pair => pair.Key).Select(pair => new Group(pair.Value)).Where(group => group.Distinct)];
        if (groups.Length == 0)
            return null;
        double least = groups.Sum(group => group.Between()) * (1 - Descriptive.TiePart);
        SeededRandom random = new(seed);
        int beyond = 0;
        for (int i = 0; i < Exchanges; i++)
        {
            double between = 0;
            foreach (Group group in groups)
                between += group.Exchange(random);
            beyond += between >= least ? 1 : 0;
        }

        return new CarryOver(PermutationTest.Estimated(beyond, Exchanges).P);
    }

    /// <summary>One arm's trials with, for each, the place of its predecessor in the list of the arm's predecessors.</summary>
    sealed class Group
    {
        readonly double[] _values;
        readonly int[] _before;
        readonly double[] _sums;
        readonly int[] _counts;

        public Group(List<(int Before, double Value)> trials)
        {
            int[] arms = [.. trials.Select(trial => trial.Before).Distinct().Order()];
            _values = [.. trials.Select(trial => trial.Value)];
            _before = [.. trials.Select(trial => Array.IndexOf(arms, trial.Before))];
            _sums = new double[arms.Length];
            _counts = new int[arms.Length];
            foreach (int before in _before)
                _counts[before]++;
            // In its own spread, so that no arm outweighs the others.
            double mean = Descriptive.Mean(_values), spread = Math.Sqrt(_values.Sum(value => (value - mean) * (value - mean)));
            for (int i = 0; i < _values.Length; i++)
                _values[i] = spread > 0 ? (_values[i] - mean) / spread : 0;
        }

        public bool Distinct => _counts.Length > 1;

        /// <summary>Σ n_b m_b² over the predecessors b, m_b the mean of the values that followed one.</summary>
        public double Between()
        {
            Array.Clear(_sums);
            for (int i = 0; i < _values.Length; i++)
                _sums[_before[i]] += _values[i];
            double between = 0;
            for (int b = 0; b < _sums.Length; b++)
                between += _sums[b] * _sums[b] / _counts[b];
            return between;
        }

        public double Exchange(SeededRandom random)
        {
            random.Shuffle(_values.AsSpan());
            return Between();
        }
    }
}
